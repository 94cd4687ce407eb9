/**
 * Sends a raw message to one server of the local network, by SMTP or by an HTTP POST: to the application
 * under test, or to a receiver that a rule names. SMTP is limited to loopback and private addresses; only the
 * relay, whose policy checks the recipients, may send to other addresses. The size of the HTTP response that
 * is read is limited.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { httpPost } from '../net/http-post.ts';
import { isPrivateAddress } from '../net/private-address.ts';
import { serverReplyText, SmtpClient, type SendResult } from '../smtp/client/index.ts';
import { needsUtf8 } from './address.ts';
import { hasBinaryParts, takesBinary, withoutBinaryParts } from './binary.ts';
import { dial } from './dial.ts';
import { NOT_CONVERTIBLE } from './interpret.ts';
import { LoopError, TRAIL_FIELD, trailText, type LoopGuard, type Trail } from './loop-guard.ts';
import { parseSmartHost } from './smart-host.ts';

/** The maximum time for each SMTP command, or for the whole HTTP response, in milliseconds. */
const TIMEOUT = 10_000;
/** The maximum number of octets that are read of an HTTP response. */
const MAX_ANSWER = 4096;
/** The maximum number of characters of an HTTP response that are returned to the caller. */
const MAX_REPLY = 500;

export interface HandedOver {
  /** The SMTP reply or the HTTP response of the receiver. */
  readonly reply: string;
  /** The recipients that the receiver refused although it accepted the message for other recipients. */
  readonly rejected: readonly { readonly to: string; readonly reply: string }[];
}

export interface HandOverEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** The error that is thrown if the receiver refused a message or could not be reached. */
export class HandOverRefusal extends Error {
  override readonly name = 'HandOverRefusal';
}

export interface HandOverWorld {
  /** Returns the time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The host name that is sent with EHLO. */
  readonly hostname: string;
  readonly guard: LoopGuard;
}

/**
 * Sends a message to a server of the local network.
 *
 * @param target URL with the scheme `smtp:`, `smtps:`, `http:` or `https:`
 * @param trail the trail (the record of the chain of generated messages, for loop detection) to send to an HTTP
 * receiver; the header of a generated message contains the trail as well
 * @throws LoopError if the target is this sandbox, otherwise HandOverRefusal
 */
export async function handOver(
  target: URL,
  raw: Buffer,
  envelope: HandOverEnvelope,
  trail: Trail | null,
  world: HandOverWorld,
): Promise<HandedOver> {
  try {
    return target.protocol.startsWith('smtp')
      ? await handBySmtp(target, raw, envelope, world)
      : await post(target, raw, envelope, trail, world);
  } catch (error) {
    if (error instanceof LoopError || error instanceof HandOverRefusal) throw error;
    throw new HandOverRefusal((error as Error).message, { cause: error });
  }
}

/**
 * Looks up an IP address of the host. Throws if one of the host's addresses is public or belongs to a
 * listener of this sandbox.
 */
async function nearAddress(name: string, port: number, guard: LoopGuard): Promise<string> {
  const found = isIP(name) === 0 ? await resolve(name) : [name];
  const stranger = found.find((address) => !isPrivateAddress(address));
  const [first] = found;
  if (stranger !== undefined || first === undefined) {
    throw new HandOverRefusal(
      `${name} has the address ${stranger ?? '(none)'}, which is not in the local network; use the relay for other destinations`,
    );
  }
  for (const address of found) guard.refuseOwn(address, port);
  return first;
}

async function resolve(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new HandOverRefusal(`${name} cannot be found: ${(error as Error).message}`, { cause: error });
  }
}

async function handBySmtp(
  target: URL,
  raw: Buffer,
  { from, to }: HandOverEnvelope,
  { clock, hostname, guard }: HandOverWorld,
): Promise<HandedOver> {
  const { host, tls, verify, credentials } = parseSmartHost(target.href);
  const address = await nearAddress(host.name, host.port, guard);
  const timeouts = { greeting: TIMEOUT, command: TIMEOUT, final: TIMEOUT };
  const socket = await dial(address, host.port, TIMEOUT, new AbortController().signal);
  const options = { socket, host: host.name, name: hostname, tls, verify, credentials, timeouts, clock };
  const client = await SmtpClient.open(options);
  const eightBit = client.extensions.has('8BITMIME');
  const smtpUtf8 = client.extensions.has('SMTPUTF8') && [from, ...to].some(needsUtf8);
  const isBinary = hasBinaryParts(raw);
  const binary = isBinary && takesBinary(client.extensions);
  const bytes = !isBinary || binary ? raw : withoutBinaryParts(raw);
  if (bytes === null) {
    await client.quit();
    throw new HandOverRefusal(NOT_CONVERTIBLE.reason);
  }
  const result = await client.send({ from, to, eightBit, smtpUtf8, binary }, bytes, () => Promise.resolve());
  await client.quit();
  return outcome(result, to);
}

function outcome({ mail, recipients, data, failure }: SendResult, to: readonly string[]): HandedOver {
  if (failure !== null) throw new HandOverRefusal(failure.message);
  const answers = to.map((address, index) => ({ to: address, reply: recipients[index] ?? mail }));
  const refused = answers.filter(({ reply }) => reply === null || reply.code >= 400);
  const last = data ?? refused[0]?.reply ?? mail;
  if (last === null || last.code >= 400) {
    throw new HandOverRefusal(last === null ? 'No reply' : serverReplyText(last));
  }
  return {
    reply: serverReplyText(last),
    rejected: refused.map(({ to: address, reply }) => ({
      to: address,
      reply: reply === null ? '' : serverReplyText(reply),
    })),
  };
}

/**
 * Encodes a mail address for an HTTP header, whose values are ASCII: non-ASCII characters are
 * percent-encoded.
 */
const inHeader = (address: string): string => (needsUtf8(address) ? encodeURI(address) : address);

async function post(
  url: URL,
  raw: Buffer,
  { from, to }: HandOverEnvelope,
  trail: Trail | null,
  { guard }: HandOverWorld,
): Promise<HandedOver> {
  const headers: Record<string, string> = {
    'content-type': 'message/rfc822',
    'user-agent': 'Restante',
    'x-envelope-from': inHeader(from),
    'x-envelope-to': to.map(inHeader).join(', '),
    ...(trail === null ? {} : { [TRAIL_FIELD.toLowerCase()]: trailText(trail) }),
  };
  if (url.username !== '') {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  const { status, text } = await httpPost(url, {
    headers,
    body: raw,
    timeout: TIMEOUT,
    maxAnswer: MAX_ANSWER,
    judge: (address, port) => guard.refuseOwn(address, port),
  });
  const reply = `${status} ${text.slice(0, MAX_REPLY)}`.trim();
  if (status < 200 || status > 299) throw new HandOverRefusal(reply);
  return { reply, rejected: [] };
}
