/**
 * Composes the octets that the relay sends: the captured octets with one `Received` field at the top and
 * without `Bcc` fields. Line endings become CRLF, because SMTP requires it (RFC 5321 §2.3.8). Resent fields
 * and a DKIM signature are added if requested.
 */
import type { Origin } from '../message/envelope.ts';
import { parseHeaders, readHeader } from '../message/header.ts';
import type { MessageId } from '../store/ids.ts';
import { hasBinaryParts, withoutBinaryParts } from './binary.ts';
import type { DkimKey } from './options.ts';
import { receivedField, type Trace } from './received.ts';
import { resentFields, type Resending } from './resent.ts';

/** The octets of a message in a form for certain servers: with binary parts in base64 or unchanged. */
export interface OutgoingForm {
  readonly bytes: Buffer;
  /** Whether the body of the message needs the SMTP extension 8BITMIME. */
  readonly eightBit: boolean;
  /** Whether the header of the message needs the SMTP extension SMTPUTF8. */
  readonly utf8Header: boolean;
}

/** The octets of a message in the form that all servers accept, with binary parts in base64. */
export interface OutgoingMessage extends OutgoingForm {
  /**
   * The form of the message with unchanged binary parts, for servers with the extension BINARYMIME (RFC
   * 3030); `null` if no part is binary.
   */
  readonly binary: OutgoingForm | null;
  /**
   * Whether the binary parts could be converted to base64. It is false if a signature covers one of them,
   * which means that only servers with BINARYMIME can accept the message.
   */
  readonly convertible: boolean;
}

export interface Outgoing {
  readonly id: MessageId;
  readonly raw: Buffer;
  readonly origin: Origin;
  readonly hostname: string;
  /** The addresses of the recipients of this mail transaction. */
  readonly recipients: readonly string[];
  /** The current time in milliseconds since the epoch. */
  readonly now: number;
  readonly resending: Resending | null;
  readonly dkim: DkimKey | null;
}

/** Composes the octets to send. Throws if the DKIM key cannot be used. */
export async function composeOutgoing(outgoing: Outgoing): Promise<OutgoingMessage> {
  const { raw } = outgoing;
  if (!hasBinaryParts(raw)) {
    return { ...(await compose(outgoing, crlf(raw))), binary: null, convertible: true };
  }
  const converted = withoutBinaryParts(raw);
  return {
    ...(await compose(outgoing, crlf(converted ?? raw))),
    binary: await compose(outgoing, raw),
    convertible: converted !== null,
  };
}

async function compose(outgoing: Outgoing, raw: Buffer): Promise<OutgoingForm> {
  const { id, origin, hostname, recipients, now, resending, dkim } = outgoing;
  const kept = withoutBcc(fromHeader(raw));
  const resent = resending === null ? '' : resentFields(resending, hostname);
  // If the message has no header, an empty line is inserted before it, so that the first line of the body
  // does not become a part of the added header.
  const gap = parseHeaders(kept).length > 0 || /^\r?\n/.test(kept.toString('latin1', 0, 2)) ? '' : '\r\n';
  const message = Buffer.concat([Buffer.from(resent + gap), kept]);
  const trace: Trace = {
    id,
    origin,
    hostname,
    now,
    recipient: recipients.length === 1 ? (recipients[0] ?? null) : null,
  };
  const signature = dkim === null ? '' : await sign(message, dkim, now);
  const bytes = Buffer.concat([Buffer.from(receivedField(trace) + signature), message]);
  const { bodyStart } = readHeader(bytes, 0, bytes.length, SILENT);
  return {
    bytes,
    utf8Header: hasHighOctet(bytes.subarray(0, bodyStart)),
    eightBit: hasHighOctet(bytes.subarray(bodyStart)),
  };
}

const SILENT = { defect: (): void => undefined, isBoundary: (): boolean => false };
const hasHighOctet = (bytes: Buffer): boolean => bytes.some((octet) => octet > 0x7f);

/** Returns the octets with all line endings as CRLF; returns the same buffer if nothing had to be changed. */
function crlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const ended = text.replaceAll(/\r\n|\r|\n/g, '\r\n');
  return ended === text ? raw : Buffer.from(ended, 'latin1');
}

/** Removes a byte order mark or an mbox separator line before the header; some message files contain one. */
function fromHeader(raw: Buffer): Buffer {
  const start =
    /^(?:\xef\xbb\xbf)?(?:>?From [^\r\n]*\r\n)?/.exec(raw.toString('latin1', 0, 1000))?.[0].length ?? 0;
  return raw.subarray(start);
}

/** Removes the `Bcc` fields, which no recipient may see (RFC 5322 §3.6.3). */
function withoutBcc(raw: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { name, start, end } of parseHeaders(raw)) {
    if (!/^(?:resent-)?bcc$/i.test(name)) continue;
    pieces.push(raw.subarray(from, start));
    from = end;
  }
  return pieces.length === 0 ? raw : Buffer.concat([...pieces, raw.subarray(from)]);
}

async function sign(
  message: Buffer,
  { domain, selector, privateKey }: DkimKey,
  now: number,
): Promise<string> {
  const key = { signingDomain: domain, selector, privateKey };
  // The library mailauth is loaded only when needed, because a third of all modules that the server can load
  // belong to it.
  const { default: mailauth } = await import('mailauth');
  const { signatures, errors } = await mailauth.dkimSign(message, {
    ...key,
    signatureData: [key],
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(now),
  });
  const [error] = errors;
  if (error !== undefined) throw error;
  return signatures;
}
