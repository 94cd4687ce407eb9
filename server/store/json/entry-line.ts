/**
 * Encodes the log entries of the store as lines of the log, and decodes them.
 *
 *     {"sum":"9ae0daaf","do":"flag","seq":12,…}                        one entry
 *     {"sum":"9ae0daaf","do":"batch","entries":[…]}                    entries that are applied all or none
 *     {"sum":"9ae0daaf","head":     412,"core":     230,"do":"add",…,"message":{"id":…,…},"detail":{…}}
 *
 * The last example stores a message. The data that is held in memory is at the start of the line and ends at
 * the offset `core`; at a start, the store parses only this part. The summary of the message ends at the
 * offset `head`, where `detail` starts; a message list parses only the line up to there.
 */
import { COVERED_FROM, seal } from '../log/line.ts';
import {
  detailText,
  type AddEntry,
  type DetailText,
  type Entry,
  type KeepEntry,
  type LogEntry,
  type NoteEntry,
} from '../model/entry.ts';
import { storedSummary, type StoredSummary } from '../model/stored-summary.ts';

/**
 * Number of digits, with leading blanks, of the offsets that `"head":` and `"core":` contain. Eight digits
 * suffice, because a line is far shorter than 10^8 octets.
 */
const HEAD_WIDTH = 8;
const HEAD = Buffer.from(',"head":');
const CORE = Buffer.from(',"core":');
/** Offset at which the value of the member `head` starts in the line of a message, in octets. */
const HEAD_AT = COVERED_FROM + HEAD.length;
/** Offset at which the value of the member `core` starts in the line of a message, in octets. */
const CORE_AT = HEAD_AT + HEAD_WIDTH + CORE.length;

type WithDetail = AddEntry | KeepEntry;

export interface Note {
  readonly key: string;
  readonly value?: unknown;
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

/**
 * Returns an entry as JSON text, in pieces. The detail of a message and the value of a note already are JSON
 * text, and are inserted unchanged.
 */
function entryPieces(entry: Entry | LogEntry): readonly [string, ...string[]] {
  if (entry.do === 'note' && entry.value !== undefined) {
    const { value, ...rest } = entry;
    return [`${JSON.stringify(rest).slice(0, -1)},"value":`, value, '}'];
  }
  if (entry.do !== 'add' && entry.do !== 'keep') return [JSON.stringify(entry)];
  const { detail, ...rest } = entry;
  return [`${JSON.stringify(rest).slice(0, -1)},"detail":`, detail, '}'];
}

/** Returns the log line that stores a message: its summary and its detail (all other data except the bytes). */
export function encodeMessage(entry: Omit<WithDetail, 'detail'>, detail: DetailText): Buffer {
  const { id, seq, receivedAt, size, sum, raw, tags, ...rest } = storedSummary(entry.message);
  const kept = { ...entry, detail: undefined, message: undefined };
  const message = JSON.stringify({ id, seq, receivedAt, size, sum, raw, tags }).slice(0, -1);
  const core = `,${JSON.stringify(kept).slice(1, -1)},"message":${message}`;
  const summary = `,${JSON.stringify(rest).slice(1)}`;
  const coreEnd = CORE_AT + HEAD_WIDTH + Buffer.byteLength(core);
  const detailAt = coreEnd + Buffer.byteLength(summary);
  const places = `,"head":${padded(detailAt)},"core":${padded(coreEnd)}`;
  return seal(`${places}${core}${summary},"detail":`, detail, '}');
}

const padded = (offset: number): string => String(offset).padStart(HEAD_WIDTH);

/**
 * Returns the offset of the comma before the member `detail` in the line of a message; `undefined` for a line
 * without the member `head`.
 */
function detailStart(line: Buffer): number | undefined {
  if (line.compare(HEAD, 0, HEAD.length, COVERED_FROM, HEAD_AT) !== 0) return undefined;
  return Number(line.toString('latin1', HEAD_AT, HEAD_AT + HEAD_WIDTH));
}

const NO_DETAIL = detailText({
  parameters: { from: {}, to: [] },
  origin: { kind: 'recovered', session: null, peer: null, helo: null, tls: null, user: null },
  transcript: [],
  defects: [],
  findings: [],
  notes: {},
});

/**
 * Returns the offset in the line of a message at which the data that is held in memory ends; `undefined` for
 * a line without the member `core`.
 */
function coreEnd(line: Buffer): number | undefined {
  if (line.compare(CORE, 0, CORE.length, HEAD_AT + HEAD_WIDTH, CORE_AT) !== 0) return undefined;
  return Number(line.toString('latin1', CORE_AT, CORE_AT + HEAD_WIDTH));
}

/**
 * Returns the entries of an intact line, with only the data that is held in memory. In the line of a single
 * message, the rest of the summary and the detail are not parsed. Details in other lines and values of notes
 * are left out.
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

/**
 * Returns the entries of an intact line that set or delete notes of a message. An entry without a value
 * deletes the note.
 */
export const notesOf = (line: Buffer, id: string): readonly Note[] =>
  entriesOf(line).filter((entry): entry is NoteEntry => entry.do === 'note' && entry.message === id);

/**
 * Parses a line and returns its entries. Unlike in `Entry`, the detail of a message is an object and the value
 * of a note is any JSON value; neither is JSON text.
 */
function entriesOf(line: Buffer): readonly (Entry | LogEntry)[] {
  const parsed = JSON.parse(line.toString('utf8')) as
    Entry | LogEntry | { readonly do: 'batch'; readonly entries: readonly Entry[] };
  return parsed.do === 'batch' ? parsed.entries : [parsed];
}

/**
 * Returns the detail of a message from an intact line, as JSON text; `undefined` for a line that does not
 * contain the message.
 */
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

/** Returns the summary of a message from its line. The line may be cut off after the summary. */
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

/**
 * Returns the number of octets at the start of a line that suffice to read the summary of the message;
 * `undefined` if the whole line is needed.
 */
export const headLength = (line: Buffer): number | undefined =>
  line.length < HEAD_AT + HEAD_WIDTH ? undefined : detailStart(line);
