/**
 * Reads and writes mbox files in all dialects (RFC 4155; mboxo, mboxrd, mboxcl, mboxcl2). The reader is
 * tolerant: a `From ` line starts a message if the line follows an empty line and contains a year; a
 * Content-Length is used only if the next message (or the end of the file) is at the position that results
 * from it. Every octet is scanned once, and only one message at a time is in memory. The writer uses mboxrd,
 * the dialect that loses no data.
 */
import { open } from 'node:fs/promises';
import { DAYS, MONTHS } from '../../../contract/text/date.ts';
import {
  headOf,
  HEAD_LIMIT,
  MAX_MESSAGE,
  returnPath,
  TOO_LARGE,
  withCrlf,
  withLf,
  type MailItem,
  type MailProblem,
} from './mail-item.ts';

/**
 * Matches the line `From address date` that starts a message; the date has the format of asctime, with an
 * optional zone before or after the year.
 */
const SEPARATOR = /^From (\S*)\s+(.*\b\d{4}\b.*)$/;
/** Maximum length in octets of a `From ` line. */
const SEPARATOR_LIMIT = 512;
const FROM = Buffer.from('From ');
const LINE_OF_FROM = Buffer.from('\nFrom ');
/** Number of octets of the file that are read at once. */
const WINDOW = 1 << 20;
/**
 * Maximum number of empty lines that are skipped after a body with a Content-Length, before the next message.
 */
const GAP_LIMIT = 8;
const LF = 10;
const CR = 13;

interface Envelope {
  readonly from: string | null;
  readonly receivedAt: number | null;
}

function readSeparator(line: string): Envelope | undefined {
  const match = SEPARATOR.exec(line.trimEnd());
  if (match === null) return undefined;
  const [, address = '', date = ''] = match;
  const zoned = /[+-]\d{4}|\b[A-Z]{3,4}\b\s*\d{4}$/.test(date) ? date : `${date} UTC`;
  const time = Date.parse(zoned);
  const from = ['MAILER-DAEMON', '-', '<>'].includes(address) ? '' : address;
  return { from, receivedAt: Number.isNaN(time) ? null : time };
}

/** Returns the flags in the header fields `Status` and `X-Status`, which mail programs write into an mbox. */
function statusFlags(head: string): string[] {
  const letters = [...head.matchAll(/^(?:X-)?Status:[ \t]*([A-Z]+)/gim)]
    .map((match) => match[1] ?? '')
    .join('');
  const flags = { R: '\\Seen', A: '\\Answered', F: '\\Flagged', D: '\\Deleted', T: '\\Draft' };
  return Object.entries(flags).flatMap(([letter, flag]) => (letters.includes(letter) ? [flag] : []));
}

/**
 * Removes one `>` from each quoted `From ` line (`>From `). The writer of an mbox adds it, so that the line
 * does not start a message.
 */
const unquote = (raw: Buffer): Buffer =>
  raw.includes('>From ') ? Buffer.from(raw.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1') : raw;

/** Returns the value of the header field Content-Length in octets; `null` without the field. */
function promisedLength(head: string): number | null {
  const match = /^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$/im.exec(head);
  return match === null ? null : Number(match[1]);
}

/** A file that can be read at any position. */
export interface RandomAccess {
  /** Size of the file in octets. */
  readonly size: number;
  /**
   * Reads `length` octets at a position; fewer octets at the end of the file. The returned buffer is not used
   * for other reads.
   */
  read(position: number, length: number): Promise<Buffer>;
}

interface Separator {
  readonly envelope: Envelope;
  /** A `From ` line that separates two messages: its offset, and the offset of the line after it. */
  readonly start: number;
  readonly end: number;
}

class MboxFile {
  readonly #file: RandomAccess;
  #window: { readonly offset: number; readonly bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  constructor(file: RandomAccess) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  /**
   * Returns the octets of the file that are in memory, from a position on. Reads further octets if fewer than
   * `atLeast` are in memory and the file has more. The positions must ascend from call to call.
   */
  async from(position: number, atLeast: number): Promise<Buffer> {
    const { offset, bytes } = this.#window;
    const end = Math.min(position + atLeast, this.size);
    if (position < offset || end > offset + bytes.length) {
      this.#window = { offset: position, bytes: await this.#file.read(position, WINDOW) };
    }
    return this.#window.bytes.subarray(position - this.#window.offset);
  }

  async copy(position: number, end: number): Promise<Buffer> {
    return this.#file.read(position, end - position);
  }

  /**
   * Returns the `From ` line that begins at `start` and separates two messages; `undefined` if the line there
   * is not such a separator.
   */
  separatorIn(bytes: Buffer, start: number): Separator | undefined {
    if (!bytes.subarray(0, FROM.length).equals(FROM)) return undefined;
    const line = bytes.subarray(0, SEPARATOR_LIMIT);
    const length = line.indexOf(LF);
    const isLast = length === -1 && start + line.length === this.size;
    if (length === -1 && !isLast) return undefined;
    const text = line.toString('latin1', 0, isLast ? line.length : length);
    const envelope = readSeparator(text);
    return envelope && { envelope, start, end: isLast ? this.size : start + length + 1 };
  }

  /**
   * Returns the first separator line (`From `) after an empty line at or after a position; `undefined` when
   * there is none.
   */
  async nextSeparator(position: number): Promise<Separator | undefined> {
    for (let from = position; from < this.size;) {
      const bytes = await this.from(from, 2 * SEPARATOR_LIMIT);
      const isLast = from + bytes.length >= this.size;
      // A separator line at the end of the octets in memory may be incomplete. It is found when the search
      // continues with the next octets.
      const last = isLast ? bytes.length : bytes.length - SEPARATOR_LIMIT;
      for (
        let at = bytes.indexOf(LINE_OF_FROM);
        at !== -1 && at < last;
        at = bytes.indexOf(LINE_OF_FROM, at + 1)
      ) {
        if (!followsEmptyLine(bytes, at)) continue;
        const separator = this.separatorIn(bytes.subarray(at + 1), from + at + 1);
        if (separator !== undefined) return separator;
      }
      if (isLast) return undefined;
      from += last - EMPTY_LINE;
    }
    return undefined;
  }

  /**
   * Returns the separator line (`From `) after a body with a Content-Length; `null` if the file ends there.
   * Returns `undefined` if neither is found, which means that the Content-Length is wrong.
   */
  async separatorBehind(position: number): Promise<Separator | null | undefined> {
    if (position > this.size) return undefined;
    const start = Math.max(0, position - 1);
    const bytes = await this.#file.read(start, 1 + GAP_LIMIT + SEPARATOR_LIMIT);
    let at = position - start;
    const atLineStart = bytes[at - 1] === LF;
    while (at < GAP_LIMIT && (bytes[at] === LF || bytes[at] === CR)) at++;
    if (start + at >= this.size) return null;
    if (!atLineStart && bytes[at - 1] !== LF) return undefined;
    return this.separatorIn(bytes.subarray(at), start + at);
  }
}

/**
 * Number of octets that `followsEmptyLine` examines before a line feed: for an empty line, they are the line feed
 * of the previous line, and at most one CR, space or tab.
 */
const EMPTY_LINE = 2;

/**
 * Returns whether the line feed at the offset `at` ends an empty line. A line with a single CR, space or tab is
 * empty.
 */
function followsEmptyLine(bytes: Buffer, at: number): boolean {
  if (bytes[at - 1] === LF) return true;
  return bytes[at - 2] === LF && [CR, 32, 9].includes(bytes[at - 1] ?? 0);
}

interface Extent {
  /** Offset of the end of the message, including the empty line before the next separator. */
  readonly end: number;
  /** Whether the end of the message was computed from its Content-Length. */
  readonly counted: boolean;
  readonly next: Separator | null;
}

/** Returns the end of the message that follows a separator line. */
async function extentOf(file: MboxFile, { end: start }: Separator): Promise<Extent> {
  const head = headOf(await file.from(start, HEAD_LIMIT));
  const promised = promisedLength(head);
  if (promised !== null) {
    const empty = (await file.from(start + head.length, 4)).toString('latin1', 0, 4);
    const gap = /^\r?\n\r?\n/.exec(empty)?.[0].length ?? 0;
    const end = start + head.length + gap + promised;
    const next = gap === 0 ? undefined : await file.separatorBehind(end);
    if (next !== undefined) return { end, counted: true, next };
  }
  // The search starts at the line ending of the separator line, because the message may be empty: then the
  // next separator follows after one empty line.
  const next = (await file.nextSeparator(start - 1)) ?? null;
  return { end: next?.start ?? file.size, counted: false, next };
}

/** Returns the length of the line ending at the end of `bytes`. */
const ending = (bytes: Buffer): number => (bytes.at(-2) === CR ? 2 : 1);

/** Returns the original bytes of a message: removes what the format mbox added to them. */
function unpack(bytes: Buffer, counted: boolean): Buffer {
  // The empty line before a separator line belongs to the mbox format, not to the message.
  const isEmptyAtEnd = /\r?\n\r?\n$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 4)));
  const body = isEmptyAtEnd ? bytes.subarray(0, bytes.length - ending(bytes)) : bytes;
  // The dialect mboxcl2 does not quote `From ` lines with `>`. If the message contains an unquoted `From `
  // line, no line of it is quoted.
  return withCrlf(counted && body.includes(LINE_OF_FROM) ? body : unquote(body));
}

/**
 * Reads the messages of an mbox.
 * @param name name of the file, for the origins of messages and for reports of problems
 */
export async function* readMboxFrom(
  access: RandomAccess,
  name: string,
): AsyncGenerator<MailItem | MailProblem> {
  const file = new MboxFile(access);
  let separator = file.separatorIn(await file.from(0, SEPARATOR_LIMIT), 0) ?? null;
  if (separator === null) {
    separator = (await file.nextSeparator(0)) ?? null;
    const before = await access.read(0, Math.min(separator?.start ?? file.size, HEAD_LIMIT));
    if (before.toString('latin1').trim() !== '') {
      yield { source: name, problem: 'text before the first From line' };
    }
  }
  for (let number = 1; separator !== null; number++) {
    const source = `${name}#${number}`;
    const { envelope, end: start } = separator;
    const { end, counted, next }: Extent = await extentOf(file, separator);
    separator = next;
    if (end - start > MAX_MESSAGE) {
      yield { source, problem: `${TOO_LARGE}, or the file is no mbox` };
      continue;
    }
    const raw = unpack(await file.copy(start, end), counted);
    const { from, receivedAt } = envelope;
    const flags = statusFlags(headOf(raw));
    yield {
      source,
      raw,
      receivedAt,
      flags,
      folder: null,
      from: from === '' ? (returnPath(raw) ?? '') : from,
    };
  }
}

export async function* readMbox(name: string): AsyncGenerator<MailItem | MailProblem> {
  try {
    const file = await open(name, 'r');
    try {
      const { size } = await file.stat();
      const read = async (position: number, length: number): Promise<Buffer> => {
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - position)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        return buffer.subarray(0, bytesRead);
      };
      yield* readMboxFrom({ size, read }, name);
    } finally {
      await file.close();
    }
  } catch (error) {
    yield { source: name, problem: String(error) };
  }
}

/** Formats a time like the C function asctime, in UTC (RFC 4155 appendix A). */
function asctime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = String(date.getUTCDate()).padStart(2);
  return `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${day} ${clock} ${date.getUTCFullYear()}`;
}

/** Writes messages to a new mboxrd file; an existing file is an error. Returns the number of messages. */
export async function writeMbox(file: string, items: AsyncIterable<MailItem>): Promise<number> {
  const target = await open(file, 'wx');
  let count = 0;
  try {
    for await (const { raw, from, receivedAt } of items) {
      const sender = from === null || from === '' || /\s/.test(from) ? 'MAILER-DAEMON' : from;
      const text = withLf(raw)
        .toString('latin1')
        .replace(/^(>*From )/gm, '>$1');
      const separator = `From ${sender} ${asctime(receivedAt ?? 0)}\n`;
      await target.write(Buffer.from(`${separator}${text}${text.endsWith('\n') ? '' : '\n'}\n`, 'latin1'));
      count++;
    }
  } finally {
    await target.close();
  }
  return count;
}
