/**
 * The application's own door for mail: where what is written here goes when it is meant for the application itself,
 * as a receiving mail server would hand it over. The user names it at the start and a call cannot name another: so
 * nobody who may call the API is led to other addresses by it. SMTP goes to loopback and private addresses alone,
 * for anywhere else is the relay's, whose policy asks who may be mailed.
 */
import { lookup } from 'node:dns/promises';
import { isPrivateAddress } from '../net/private-address.ts';
import { serverReplyText, SmtpClient, type SendResult } from '../smtp/client.ts';
import { needsUtf8 } from './address.ts';
import { dial } from './dial.ts';
import { parseSmartHost, type SmartHost } from './smart-host.ts';

/** Milliseconds the application may take for each step. */
const TIMEOUT = 10_000;
/** Of what it answers by HTTP, characters. */
const MAX_REPLY = 500;

export interface HandedOver {
  /** What the application said. */
  readonly reply: string;
  /** Recipients it refused while it took the message for others. */
  readonly rejected: readonly { readonly to: string; readonly reply: string }[];
}

export interface ApplicationEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

export interface Application {
  /** Its address, without a password. */
  readonly url: string;
  /** Rejects with `ApplicationRefusal`. */
  hand(raw: Buffer, envelope: ApplicationEnvelope): Promise<HandedOver>;
}

/** The application did not take a message, or could not be reached. */
export class ApplicationRefusal extends Error {
  override readonly name = 'ApplicationRefusal';
}

interface ApplicationWorld {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Given in EHLO. */
  readonly hostname: string;
}

/** Throws an `Error` for what is no address of an application; never repeats a password. */
export function parseApplication(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^(?:smtps?|https?):$/.test(url.protocol) || url.hostname === '') {
    throw new Error('it is no URL that begins with smtp://, smtps://, http:// or https://');
  }
  if (url.protocol.startsWith('smtp')) parseSmartHost(text);
  return url;
}

/** Throws like `parseApplication`. */
export function openApplication(text: string, world: ApplicationWorld): Application {
  const url = parseApplication(text);
  const shown = new URL(url);
  shown.password = '';
  shown.username = '';
  const bySmtp = url.protocol.startsWith('smtp');
  return {
    url: shown.href,
    hand: (raw, envelope) =>
      bySmtp ? handBySmtp(parseSmartHost(text), raw, envelope, world) : post(url, raw, envelope),
  };
}

/** The host's addresses, of which none may be public. */
async function nearAddress(name: string): Promise<string> {
  const found = await lookup(name, { all: true }).catch((error: unknown) => {
    throw new ApplicationRefusal(`${name} cannot be found: ${(error as Error).message}`);
  });
  const stranger = found.find(({ address }) => !isPrivateAddress(address));
  const [first] = found;
  if (stranger !== undefined || first === undefined) {
    throw new ApplicationRefusal(
      `${name} leads to ${stranger?.address ?? 'no address'}, which is not of this machine or its network; mail to the world is the relay's`,
    );
  }
  return first.address;
}

async function handBySmtp(
  { host, tls, verify, credentials }: SmartHost,
  raw: Buffer,
  { from, to }: ApplicationEnvelope,
  { clock, hostname }: ApplicationWorld,
): Promise<HandedOver> {
  const address = await nearAddress(host.name);
  const timeouts = { greeting: TIMEOUT, command: TIMEOUT, final: TIMEOUT };
  const never = new AbortController().signal;
  let result: SendResult;
  try {
    const socket = await dial(address, host.port, TIMEOUT, never);
    const options = { socket, host: host.name, name: hostname, tls, verify, credentials, timeouts, clock };
    const client = await SmtpClient.open(options);
    const eightBit = client.extensions.has('8BITMIME');
    const smtpUtf8 = client.extensions.has('SMTPUTF8') && [from, ...to].some(needsUtf8);
    result = await client.send({ from, to, eightBit, smtpUtf8 }, raw, () => Promise.resolve());
    await client.quit();
  } catch (error) {
    throw new ApplicationRefusal((error as Error).message, { cause: error });
  }
  return outcome(result, to);
}

function outcome({ mail, recipients, data, failure }: SendResult, to: readonly string[]): HandedOver {
  if (failure !== null) throw new ApplicationRefusal(failure.message);
  const answers = to.map((address, index) => ({ to: address, reply: recipients[index] ?? mail }));
  const refused = answers.filter(({ reply }) => reply === null || reply.code >= 400);
  const last = data ?? refused[0]?.reply ?? mail;
  if (last === null || last.code >= 400) {
    throw new ApplicationRefusal(last === null ? 'No reply' : serverReplyText(last));
  }
  return {
    reply: serverReplyText(last),
    rejected: refused.map(({ to: address, reply }) => ({
      to: address,
      reply: reply === null ? '' : serverReplyText(reply),
    })),
  };
}

/** Header values are ASCII: other signs are percent-encoded. */
const inHeader = (address: string): string => (needsUtf8(address) ? encodeURI(address) : address);

async function post(url: URL, raw: Buffer, { from, to }: ApplicationEnvelope): Promise<HandedOver> {
  const target = new URL(url);
  const headers: Record<string, string> = {
    'content-type': 'message/rfc822',
    'user-agent': 'Restante',
    'x-envelope-from': inHeader(from),
    'x-envelope-to': to.map(inHeader).join(', '),
  };
  if (target.username !== '') {
    const login = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
    target.username = '';
    target.password = '';
  }
  const signal = AbortSignal.timeout(TIMEOUT);
  let reply: string;
  let ok: boolean;
  try {
    const body = new Uint8Array(raw);
    const response = await fetch(target, { method: 'POST', headers, body, redirect: 'error', signal });
    reply = `${response.status} ${(await response.text()).slice(0, MAX_REPLY)}`.trim();
    ({ ok } = response);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new ApplicationRefusal(cause instanceof Error ? cause.message : message, { cause: error });
  }
  if (!ok) throw new ApplicationRefusal(reply);
  return { reply, rejected: [] };
}
