/**
 * The bytes that go out: those captured, with one `Received` field on top and without `Bcc`. Line endings become
 * CRLF, which is all that SMTP carries (RFC 5321 §2.3.8); Resent fields and a DKIM signature where they are wanted.
 */
import type { Origin } from '../message/envelope.ts';
import { parseHeaders, readHeader } from '../message/header.ts';
import type { MessageId } from '../store/ids.ts';
import { hasBinaryParts, withoutBinaryParts } from './binary.ts';
import type { DkimKey } from './options.ts';
import { receivedField, type Trace } from './received.ts';
import { resentFields, type Resending } from './resent.ts';

/** The bytes for one kind of server. */
export interface OutgoingForm {
  readonly bytes: Buffer;
  /** Whether a body needs 8BITMIME, a header SMTPUTF8. */
  readonly eightBit: boolean;
  readonly utf8Header: boolean;
}

/** The bytes for every server: binary parts are in base64. */
export interface OutgoingMessage extends OutgoingForm {
  /** The bytes as captured, for servers with BINARYMIME (RFC 3030); `null` where no part is binary. */
  readonly binary: OutgoingForm | null;
  /** Whether binary parts became base64; false where a signature covers one, so that other servers cannot have it. */
  readonly convertible: boolean;
}

export interface Outgoing {
  readonly id: MessageId;
  readonly raw: Buffer;
  readonly origin: Origin;
  readonly hostname: string;
  /** Recipients of this transaction. */
  readonly recipients: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly resending: Resending | null;
  readonly dkim: DkimKey | null;
}

/** Throws when the DKIM key cannot be used. */
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
  // A message without a header must not lose its first line to ours.
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

/** Every line ending as CRLF; the bytes themselves where they are so already. */
function crlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const ended = text.replaceAll(/\r\n|\r|\n/g, '\r\n');
  return ended === text ? raw : Buffer.from(ended, 'latin1');
}

/** Removes a byte order mark or an mbox separator before the header, which some files have. */
function fromHeader(raw: Buffer): Buffer {
  const start =
    /^(?:\xef\xbb\xbf)?(?:>?From [^\r\n]*\r\n)?/.exec(raw.toString('latin1', 0, 1000))?.[0].length ?? 0;
  return raw.subarray(start);
}

/** No recipient may see `Bcc` (RFC 5322 §3.6.3). */
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
  // Loaded when it is needed: it brings a third of all modules with it.
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
