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

const CRLF = Buffer.from('\r\n');
const LF = 10;

/** Line endings as mail has them on the wire, for forms that keep the system's: nothing changes where a CRLF is. */
export function withCrlf(raw: Buffer): Buffer {
  if (raw.includes(CRLF)) return raw;
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = raw.indexOf(LF); end !== -1; end = raw.indexOf(LF, start)) {
    lines.push(raw.subarray(start, end), CRLF);
    start = end + 1;
  }
  lines.push(raw.subarray(start));
  return Buffer.concat(lines);
}

/** Line endings as Unix files have them. */
export const withLf = (raw: Buffer): Buffer =>
  Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

/** The header of a message, as Latin-1. */
export function headOf(raw: Buffer): string {
  const text = raw.toString('latin1', 0, Math.min(raw.length, 64 * 1024));
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

/** The reverse-path that the last server noted (RFC 5321 §4.4). */
export function returnPath(raw: Buffer): string | null {
  return /^Return-Path:\s*<?([^<>\r\n]*?)>?\s*$/im.exec(headOf(raw))?.[1] ?? null;
}
