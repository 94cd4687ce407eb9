/**
 * Where messages that rules make go: into the sandbox, to a URL, or to an SMTP server nearby. The relay is the only
 * door to the world, so SMTP reaches loopback and private addresses alone.
 */
import { isIP } from 'node:net';
import type { ActionWorld, Generated } from '../action.ts';

/** `null` is the sandbox itself. */
export type Destination = string | null;

/** Milliseconds a receiver may take. */
const TIMEOUT = 10_000;

const isNear = (host: string): boolean =>
  host === 'localhost' ||
  (isIP(host) === 4 && /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host)) ||
  (isIP(host) === 6 && /^(?:::1$|f[cd])/i.test(host));

export function isDestination(value: unknown): value is Destination {
  if (value === null) return true;
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  if (protocol === 'http:' || protocol === 'https:') return true;
  return protocol === 'smtp:' && isNear(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Rejects when a receiver does not take it. */
export async function handOver(to: Destination, message: Generated, world: ActionWorld): Promise<void> {
  if (to === null) {
    await world.generate(message);
    return;
  }
  const { raw, envelope } = message;
  if (new URL(to).protocol === 'smtp:') {
    const { default: nodemailer } = await import('nodemailer');
    const transport = nodemailer.createTransport({
      url: to,
      connectionTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
    });
    const addresses = { from: envelope.from.address, to: envelope.to.map(({ address }) => address) };
    await transport.sendMail({ envelope: addresses, raw });
    return;
  }
  const response = await fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822', 'user-agent': 'Restante' },
    body: new Uint8Array(raw),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!response.ok) throw new Error(`${to} answered ${response.status}`);
}
