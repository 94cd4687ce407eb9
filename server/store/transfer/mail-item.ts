/** One message on its way in or out of a store, in whatever form it is kept elsewhere. */

export interface MailItem {
  /** Where it comes from, for a report: a file, and its place in it. */
  readonly source: string;
  readonly raw: Buffer;
  /** Milliseconds since the epoch; `null` when the form does not say. */
  readonly receivedAt: number | null;
  /** IMAP flags. */
  readonly flags: readonly string[];
  /** Reverse-path, where something tells it; empty for the null one. */
  readonly from: string | null;
  /** Maildir++ folder, `/` between levels; `null` for the inbox. */
  readonly folder: string | null;
}

/** Something that should have been a message and could not be read. */
export interface MailProblem {
  readonly source: string;
  readonly problem: string;
}

export type MailSource = AsyncIterable<MailItem | MailProblem>;

export const isProblem = (item: MailItem | MailProblem): item is MailProblem => 'problem' in item;

/** Octets of the largest message that is read: a larger file is no mail, and a message is in memory as a whole. */
export const MAX_MESSAGE = 128 << 20;
/** The problem of a larger one. */
export const TOO_LARGE = 'larger than 128 MB';
/** Octets of the largest header that is looked at. */
export const HEAD_LIMIT = 64 * 1024;

const CRLF = Buffer.from('\r\n');
const CR = 13;
const LF = 10;

/** Line endings as mail has them on the wire, for forms that keep the system's: nothing changes where a CRLF is. */
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

/** Line endings as Unix files have them. */
export const withLf = (raw: Buffer): Buffer =>
  Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

/** The header of a message, as Latin-1, without the empty line behind it. */
export function headOf(raw: Buffer): string {
  for (let at = raw.indexOf(LF); at !== -1 && at < HEAD_LIMIT; at = raw.indexOf(LF, at + 1)) {
    const next = raw[at + 1] === CR ? at + 2 : at + 1;
    if (raw[next] === LF) return raw.toString('latin1', 0, raw[at - 1] === CR ? at - 1 : at);
  }
  return raw.toString('latin1', 0, HEAD_LIMIT);
}

/** The reverse-path that the last server noted (RFC 5321 §4.4). */
export function returnPath(raw: Buffer): string | null {
  const value = /^Return-Path:(.*)$/im.exec(headOf(raw))?.[1]?.trim();
  return value === undefined ? null : (/^<?([^<>]*)>?$/.exec(value)?.[1]?.trim() ?? null);
}
