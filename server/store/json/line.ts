/**
 * Lines of the log: JSON objects whose first member is a checksum of all that follows it.
 *
 *     {"sum":"9ae0daaf","do":"flag","seq":12,…}                        one entry
 *     {"sum":"9ae0daaf","do":"batch","entries":[…]}                    entries that stand or fall together
 *     {"sum":"9ae0daaf","head":     412,"core":     230,"do":"add",…,"message":{"id":…,…},"detail":{…}}
 *
 * The last is a message: `core`, the octet where what the state keeps of it ends, lets a start read that and leave
 * the rest alone; `head`, where `detail` begins, lets lists read the summary. No JSON string can hold the first eight
 * octets of a line, because quotes are escaped in strings: so a lost line ending costs one line, not two.
 */
import { crc32 } from 'node:zlib';
import {
  detailText,
  type AddEntry,
  type DetailText,
  type Entry,
  type KeepEntry,
  type LogEntry,
  type NoteEntry,
} from '../state/entry.ts';
import { storedSummary, type StoredSummary } from '../state/stored-summary.ts';

/** What every line begins with. */
export const LINE_START = Buffer.from('{"sum":"');
/** Octets before what the checksum covers: `{"sum":"12345678"`. */
const COVERED_FROM = LINE_START.length + 9;
/** Width of the number after `"head":`; a line is far shorter than 10^8 octets. */
const HEAD_WIDTH = 8;
const HEAD = Buffer.from(',"head":');
const CORE = Buffer.from(',"core":');
const LF = 10;
/** Octets before the number of `head`, and before that of `core`. */
const HEAD_AT = COVERED_FROM + HEAD.length;
const CORE_AT = HEAD_AT + HEAD_WIDTH + CORE.length;

type WithDetail = AddEntry | KeepEntry;

export interface Note {
  readonly key: string;
  readonly value?: unknown;
}

const sumOf = (covered: Uint8Array): string => crc32(covered).toString(16).padStart(8, '0');

/**
 * A line with its line ending, of what the checksum covers, in pieces. One buffer, written once: it is made for every
 * message, and a piece may be large.
 */
function seal(...covered: readonly string[]): Buffer {
  let length = 0;
  for (const piece of covered) length += Buffer.byteLength(piece);
  const line = Buffer.allocUnsafe(COVERED_FROM + length + 1);
  let at = COVERED_FROM;
  for (const piece of covered) at += line.write(piece, at);
  line.write(`{"sum":"${sumOf(line.subarray(COVERED_FROM, COVERED_FROM + length))}"`, 0, 'latin1');
  line[COVERED_FROM + length] = LF;
  return line;
}

export function encodeLine(entries: readonly (Entry | LogEntry)[]): Buffer {
  const [first] = entries;
  if (entries.length !== 1 || first === undefined) {
    const texts = entries.map((entry) => entryPieces(entry).join(''));
    return seal(`,"do":"batch","entries":[${texts.join(',')}]}`);
  }
  if (first.do === 'add' || first.do === 'keep') return encodeMessage(first, first.detail);
  const [start, ...rest] = entryPieces(first);
  return seal(`,${start.slice(1)}`, ...rest);
}

/** An entry as JSON, in pieces, with what is JSON already as the value that it is. */
function entryPieces(entry: Entry | LogEntry): readonly [string, ...string[]] {
  if (entry.do === 'note' && entry.value !== undefined) {
    const { value, ...rest } = entry;
    return [`${JSON.stringify(rest).slice(0, -1)},"value":`, value, '}'];
  }
  if (entry.do !== 'add' && entry.do !== 'keep') return [JSON.stringify(entry)];
  const { detail, ...rest } = entry;
  return [`${JSON.stringify(rest).slice(0, -1)},"detail":`, detail, '}'];
}

/** The line of a message. */
export function encodeMessage(entry: Omit<WithDetail, 'detail'>, detail: DetailText): Buffer {
  const { id, seq, receivedAt, size, sum, tags, ...rest } = storedSummary(entry.message);
  const kept = { ...entry, detail: undefined, message: undefined };
  const message = JSON.stringify({ id, seq, receivedAt, size, sum, tags }).slice(0, -1);
  const core = `,${JSON.stringify(kept).slice(1, -1)},"message":${message}`;
  const summary = `,${JSON.stringify(rest).slice(1)}`;
  const coreEnd = CORE_AT + HEAD_WIDTH + Buffer.byteLength(core);
  const detailAt = coreEnd + Buffer.byteLength(summary);
  const places = `,"head":${padded(detailAt)},"core":${padded(coreEnd)}`;
  return seal(`${places}${core}${summary},"detail":`, detail, '}');
}

const padded = (offset: number): string => String(offset).padStart(HEAD_WIDTH);

/** Where the detail begins in a line, at its comma; `undefined` when it has none of its own. */
function detailStart(line: Buffer): number | undefined {
  if (line.compare(HEAD, 0, HEAD.length, COVERED_FROM, HEAD_AT) !== 0) return undefined;
  return Number(line.toString('latin1', HEAD_AT, HEAD_AT + HEAD_WIDTH));
}

/** Whether a line, without its line ending, is whole. */
export function isWhole(line: Buffer): boolean {
  if (
    line.length <= COVERED_FROM ||
    line.compare(LINE_START, 0, LINE_START.length, 0, LINE_START.length) !== 0
  ) {
    return false;
  }
  // The quotation mark behind the sum is part of what must be there: the sum does not cover it.
  const sum = `${sumOf(line.subarray(COVERED_FROM))}"`;
  return line.toString('latin1', LINE_START.length, COVERED_FROM) === sum;
}

const NO_DETAIL = detailText({
  parameters: { from: {}, to: [] },
  origin: { kind: 'recovered', session: null, peer: null, helo: null, tls: null, user: null },
  transcript: [],
  defects: [],
  findings: [],
  notes: {},
});

/** Where what the state keeps of a message ends; `undefined` in a line that does not say. */
function coreEnd(line: Buffer): number | undefined {
  if (line.compare(CORE, 0, CORE.length, HEAD_AT + HEAD_WIDTH, CORE_AT) !== 0) return undefined;
  return Number(line.toString('latin1', CORE_AT, CORE_AT + HEAD_WIDTH));
}

/**
 * Entries of a line that is whole. Of a message that has a line of its own there is what the state keeps: its
 * summary and its detail stay where they are, and so do the values of notes.
 */
export function decodeLine(line: Buffer): readonly (Entry | LogEntry)[] {
  const start = detailStart(line);
  if (start !== undefined) {
    const core = coreEnd(line);
    const text = core === undefined ? line.toString('utf8', 0, start) : `${line.toString('utf8', 0, core)}}`;
    const entry = JSON.parse(`${text}}`) as WithDetail;
    return [{ ...entry, detail: NO_DETAIL }];
  }
  return entriesOf(line).map((entry) => {
    if (entry.do === 'note') return { ...entry, value: undefined };
    return 'detail' in entry ? { ...entry, detail: NO_DETAIL } : entry;
  });
}

/** Notes on a message in a whole line; one without a value is gone. */
export const notesOf = (line: Buffer, id: string): readonly Note[] =>
  entriesOf(line).filter((entry): entry is NoteEntry => entry.do === 'note' && entry.message === id);

/** Entries as they stand in a line: a detail is the object that it is there, a note's value any JSON value. */
function entriesOf(line: Buffer): readonly (Entry | LogEntry)[] {
  const parsed = JSON.parse(line.toString('utf8')) as
    Entry | LogEntry | { readonly do: 'batch'; readonly entries: readonly Entry[] };
  return parsed.do === 'batch' ? parsed.entries : [parsed];
}

/** The detail of a message in a whole line; `undefined` when the line has none of that message. */
export function detailOf(line: Buffer, id: string): DetailText | undefined {
  const start = detailStart(line);
  if (start !== undefined) {
    return line.toString('utf8', start + ',"detail":'.length, line.length - 1) as DetailText;
  }
  for (const entry of entriesOf(line)) {
    if ((entry.do === 'add' || entry.do === 'keep') && entry.message.id === id) {
      return JSON.stringify(entry.detail) as DetailText;
    }
  }
  return undefined;
}

/** The summary of a message in a line of the log, of which the head must be there. */
export function summaryOf(line: Buffer, id: string): StoredSummary | undefined {
  const start = detailStart(line);
  const entries =
    start === undefined
      ? decodeLine(line)
      : [JSON.parse(`${line.toString('utf8', 0, start)}}`) as Omit<WithDetail, 'detail'>];
  for (const entry of entries) {
    if ((entry.do === 'add' || entry.do === 'keep') && entry.message.id === id) return entry.message;
  }
  return undefined;
}

/** Octets at the beginning of a line that hold a message's summary; `undefined` when it takes all of it. */
export const headLength = (line: Buffer): number | undefined =>
  line.length < HEAD_AT + HEAD_WIDTH ? undefined : detailStart(line);
