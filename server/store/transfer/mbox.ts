/**
 * mbox in its dialects (RFC 4155; mboxo, mboxrd, mboxcl, mboxcl2). Reading is tolerant: a `From ` line begins a
 * message where it follows an empty line and ends in a year; a Content-Length counts where it leads to the next one.
 * Writing is mboxrd, the dialect that loses nothing.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { returnPath, headOf, withCrlf, withLf, type MailItem, type MailProblem } from './mail-item.ts';

/** `From address date`: the date is asctime's, perhaps with a zone before or behind the year. */
const SEPARATOR = /^From (\S*)\s+(.*\b\d{4}\b.*)$/;
/** Octets of one message: what is larger is no mail but a file without separators. */
const MAX_MESSAGE = 512 << 20;
const LF = 10;

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

/** `Status` and `X-Status`, as mail programs leave them in an mbox. */
function statusFlags(head: string): string[] {
  const letters = [...head.matchAll(/^(?:X-)?Status:[ \t]*([A-Z]+)/gim)]
    .map((match) => match[1] ?? '')
    .join('');
  const flags = { R: '\\Seen', A: '\\Answered', F: '\\Flagged', D: '\\Deleted', T: '\\Draft' };
  return Object.entries(flags).flatMap(([letter, flag]) => (letters.includes(letter) ? [flag] : []));
}

/** Takes one `>` from quoted `From ` lines. */
const unquote = (raw: Buffer): Buffer =>
  Buffer.from(raw.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');

/** Octets of the body that the header promises; `null` when it does not. */
function promisedLength(head: string): number | null {
  const match = /^Content-Length:[ \t]*(\d+)[ \t]*\r?$/im.exec(head);
  return match === null ? null : Number(match[1]);
}

type Finished = (MailItem | MailProblem)[];

const isBlank = (line: Buffer): boolean => line.length <= 2 && line.toString('latin1').trim() === '';

class MboxReader {
  readonly #file: string;
  /** Lines of the message that is being read, its separator first. */
  #lines: Buffer[] = [];
  #size = 0;
  #envelope: Envelope | undefined;
  #number = 0;
  /** Whether a separator may follow. */
  #open = true;
  #inHead = false;
  /** Octets still promised by a Content-Length; `null` when nothing is. */
  #promised: number | null = null;
  /** Whether the promise was kept, as far as can be seen. */
  #counted = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** A line with its line ending; returns what is complete before it. */
  take(line: Buffer, trusting = true): Finished {
    const separator =
      line.toString('latin1', 0, 5) === 'From ' ? readSeparator(line.toString('latin1')) : undefined;
    if (this.#promised !== null && this.#promised > 0) return this.#takePromised(line);
    if (this.#promised === 0 && separator === undefined && !isBlank(line)) return this.#distrust(line);
    if (separator !== undefined && this.#open) {
      const finished = this.end();
      this.#begin(line, separator);
      return finished;
    }
    this.#keep(line);
    this.#open = isBlank(line) || this.#promised === 0;
    if (this.#inHead && isBlank(line)) {
      this.#inHead = false;
      this.#promised = trusting ? promisedLength(Buffer.concat(this.#lines).toString('latin1')) : null;
      this.#counted = this.#promised !== null;
      if (this.#promised === 0) this.#open = true;
    }
    if (this.#size <= MAX_MESSAGE) return [];
    this.#number++;
    this.#reset();
    return [{ source: this.#source(), problem: 'larger than 512 MB, or no mbox' }];
  }

  end(): Finished {
    if (this.#promised !== null && this.#promised > 0) return [...this.#distrust(), ...this.end()];
    const envelope = this.#envelope;
    const bytes = Buffer.concat(envelope === undefined ? this.#lines : this.#lines.slice(1));
    const counted = this.#counted;
    this.#reset();
    if (envelope === undefined) {
      const blank = bytes.toString('latin1').trim() === '';
      return blank ? [] : [{ source: this.#file, problem: 'text before the first From line' }];
    }
    this.#number++;
    // The empty line before a separator belongs to the form.
    const body = /\r?\n\r?\n$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 4)))
      ? bytes.subarray(0, bytes.length - ending(bytes))
      : bytes;
    // mboxcl2 quotes nothing, which shows where an unquoted line stands.
    const unquoted = counted && body.includes('\nFrom ');
    const raw = withCrlf(unquoted ? body : unquote(body));
    const { from, receivedAt } = envelope;
    const item = { source: this.#source(), raw, receivedAt, flags: statusFlags(headOf(raw)), folder: null };
    return [{ ...item, from: from === '' ? (returnPath(raw) ?? '') : from }];
  }

  #takePromised(line: Buffer): Finished {
    const left = (this.#promised ?? 0) - line.length;
    if (left < 0 && !(left >= -2 && /[\r\n]$/.test(line.toString('latin1')))) return this.#distrust(line);
    this.#keep(line);
    this.#promised = Math.max(0, left);
    this.#open = this.#promised === 0;
    return [];
  }

  /** The Content-Length leads nowhere: reads the message again without it. */
  #distrust(next?: Buffer): Finished {
    const [separator, ...lines] = this.#lines;
    const envelope = this.#envelope;
    this.#reset();
    if (separator === undefined || envelope === undefined) return [];
    this.#begin(separator, envelope);
    const rest = next === undefined ? lines : [...lines, next];
    let first = true;
    return rest.flatMap((line) => {
      const finished = this.take(line, !first);
      if (finished.length > 0) first = false;
      return finished;
    });
  }

  #begin(line: Buffer, envelope: Envelope): void {
    this.#keep(line);
    this.#envelope = envelope;
    this.#inHead = true;
    this.#open = false;
  }

  #keep(line: Buffer): void {
    this.#lines.push(line);
    this.#size += line.length;
  }

  #source(): string {
    return `${this.#file}#${this.#number}`;
  }

  #reset(): void {
    this.#lines = [];
    this.#size = 0;
    this.#envelope = undefined;
    this.#inHead = false;
    this.#promised = null;
    this.#counted = false;
    this.#open = true;
  }
}

/** Length of the last line ending. */
const ending = (bytes: Buffer): number => (bytes.at(-2) === 13 ? 2 : 1);

export async function* readMbox(file: string): AsyncGenerator<MailItem | MailProblem> {
  const reader = new MboxReader(file);
  try {
    for await (const line of linesOf(file)) yield* reader.take(line);
    yield* reader.end();
  } catch (error) {
    yield { source: file, problem: String(error) };
  }
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const block = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, start)) {
      yield block.subarray(start, end + 1);
      start = end + 1;
    }
    rest = block.subarray(start);
  }
  if (rest.length > 0) yield rest;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** asctime's form, in UTC (RFC 4155 appendix A). */
function asctime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = String(date.getUTCDate()).padStart(2);
  return `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${day} ${clock} ${date.getUTCFullYear()}`;
}

/** Writes an mboxrd file; it must not exist. Returns how many messages it holds. */
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
