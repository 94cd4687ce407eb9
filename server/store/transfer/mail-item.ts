/** Types and functions for a message that is imported or exported, in any format. */

export interface MailItem {
  /** Origin of the message for reports: the name of its file and, if needed, its position in the file. */
  readonly source: string;
  readonly raw: Buffer;
  /** Time of receipt in milliseconds since the epoch; `null` when the format has no date. */
  readonly receivedAt: number | null;
  /** IMAP flags of the message. */
  readonly flags: readonly string[];
  /**
   * Reverse-path of the message; the empty string for the null reverse-path, `null` if the source does not
   * contain it.
   */
  readonly from: string | null;
  /** Maildir++ folder of the message with `/` between levels; `null` for the inbox. */
  readonly folder: string | null;
  /** Tags of the message; absent if the format has none. */
  readonly tags?: readonly string[];
}

/** A part of the source that could not be read as a message. */
export interface MailProblem {
  readonly source: string;
  readonly problem: string;
}

export type MailSource = AsyncIterable<MailItem | MailProblem>;

export const isProblem = (item: MailItem | MailProblem): item is MailProblem => 'problem' in item;

/**
 * Maximum size in octets of a message that is read. A larger message is reported as a problem, because the
 * whole message must fit into memory.
 */
export const MAX_MESSAGE = 128 << 20;
/** Text that is reported for a message that is too large. */
export const TOO_LARGE = 'larger than 128 MB';
/** Maximum number of octets at the start of a message that are searched for its header. */
export const HEAD_LIMIT = 64 * 1024;

const CRLF = Buffer.from('\r\n');
const CR = 13;
const LF = 10;

/**
 * Converts the line endings LF of a message to CRLF, which mail requires. It is used for file formats that
 * have the line endings of the operating system. A message that contains a CRLF is not changed.
 */
export function withCrlf(raw: Buffer): Buffer {
  if (raw.includes(CRLF)) return raw;
  let lines = 0;
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) lines++;
  if (lines === 0) return raw;
  const wired = Buffer.allocUnsafe(raw.length + lines);
  let filled = 0;
  for (const octet of raw) {
    if (octet === LF) wired[filled++] = CR;
    wired[filled++] = octet;
  }
  return wired;
}

/** Converts the line endings CRLF of a message to LF, which Unix files have. */
export const withLf = (raw: Buffer): Buffer =>
  Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

/** Returns the header of a message as Latin-1, without the empty line after it. */
export function headOf(raw: Buffer): string {
  for (let at = raw.indexOf(LF); at !== -1 && at < HEAD_LIMIT; at = raw.indexOf(LF, at + 1)) {
    const next = raw[at + 1] === CR ? at + 2 : at + 1;
    if (raw[next] === LF) return raw.toString('latin1', 0, raw[at - 1] === CR ? at - 1 : at);
  }
  return raw.toString('latin1', 0, HEAD_LIMIT);
}

/**
 * Returns the reverse-path in the Return-Path field, which the last mail server added to the header (RFC 5321
 * §4.4); `null` without such a field.
 */
export function returnPath(raw: Buffer): string | null {
  const value = /^Return-Path:(.*)$/im.exec(headOf(raw))?.[1]?.trim();
  return value === undefined ? null : (/^<?([^<>]*)>?$/.exec(value)?.[1]?.trim() ?? null);
}
