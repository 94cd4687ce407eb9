/** One message that is imported or exported, whatever the format of its source. */

export interface MailItem {
  /** Origin of the message for a report: a file, and the position in it. */
  readonly source: string;
  readonly raw: Buffer;
  /** Milliseconds since the epoch; `null` when the format has no date. */
  readonly receivedAt: number | null;
  /** IMAP flags. */
  readonly flags: readonly string[];
  /** Reverse-path; the empty string for the null reverse-path, `null` if the source does not contain it. */
  readonly from: string | null;
  /** Maildir++ folder with `/` between levels; `null` for the inbox. */
  readonly folder: string | null;
}

/** A part of the source that could not be read as a message. */
export interface MailProblem {
  readonly source: string;
  readonly problem: string;
}

export type MailSource = AsyncIterable<MailItem | MailProblem>;

export const isProblem = (item: MailItem | MailProblem): item is MailProblem => 'problem' in item;

/**
 * Maximum size in octets of a message that is read: a larger file is not mail, and a message is in memory as a
 * whole.
 */
export const MAX_MESSAGE = 128 << 20;
/** The problem text for a message that is too large. */
export const TOO_LARGE = 'larger than 128 MB';
/** Maximum size in octets of a header that is examined. */
export const HEAD_LIMIT = 64 * 1024;

const CRLF = Buffer.from('\r\n');
const CR = 13;
const LF = 10;

/**
 * Converts LF to the CRLF of mail, for formats with the system's line endings. A message that contains any CRLF is
 * not changed.
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

/** Converts CRLF to the LF of Unix files. */
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

/** Returns the reverse-path that the last server added to the header (RFC 5321 §4.4); `null` without one. */
export function returnPath(raw: Buffer): string | null {
  const value = /^Return-Path:(.*)$/im.exec(headOf(raw))?.[1]?.trim();
  return value === undefined ? null : (/^<?([^<>]*)>?$/.exec(value)?.[1]?.trim() ?? null);
}
