/**
 * The journal of the store on disk: the bytes of messages in `raw/`, the log, and the document `db.json`. It compacts
 * the log, moves messages out of segments, and compresses segments when that saves enough space.
 */
import type { MessageId } from '../ids.ts';
import type { Journal } from '../engine/journal.ts';
import type { ThreadWorld } from '../engine/prepare/task.ts';
import { StoreError, unwritable, type MessageSummary } from '../store.ts';
import type { Entry, MessageDetail } from '../model/entry.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { Position, RawPlace } from '../position.ts';
import type { State } from '../model/state.ts';
import type { Log } from '../log/index.ts';
import type { DocumentFile } from '../document/index.ts';
import { DocumentSaver } from '../document/saver.ts';
import { DAMAGE, damageOf, isAccepted, type DamageNote } from './damage.ts';
import { encodeLine } from './entry-line.ts';
import { readDetail } from './read-detail.ts';
import type { RawStore } from '../raw/raw-store.ts';
import type { Segment } from '../raw/segment.ts';
import type { NewRaw, RawRef } from '../raw-ref.ts';
import { SegmentMover } from './segment-mover.ts';
import type { Purpose, Storage } from './storage.ts';
import { rewriteState } from './state-rewrite.ts';
import { SummaryReader } from './summary-reader.ts';

/**
 * Default of `tolerated`: number of octets of useless lines (about removed or changed data) that never cause
 * a compaction of the log. Reading them at a start takes a tenth of a second.
 */
export const TOLERATED = 8 << 20;
/**
 * The log is compacted only if it is larger than this multiple of its useful lines, plus `tolerated` octets.
 * With the factor 2, a compaction writes at most as many octets as were appended since the previous
 * compaction.
 */
const GROWTH = 2;
/**
 * Maximum size in octets of a message whose checksum is verified whenever the message is read. For such a
 * message, the verification takes at most a millisecond.
 */
const CHECKED = 1 << 20;
const DOCUMENT_ENTRIES = new Set([
  'account',
  'account-gone',
  'mailbox',
  'mailbox-gone',
  'subscribe',
  'record',
]);

/**
 * The kinds of log entries that free disk space: they remove data, or move data so that the space of removed data is
 * freed.
 */
const REMOVALS = new Set(['remove', 'expunge', 'account-gone', 'mailbox-gone', 'moved']);

function purposeOf(lines: readonly (readonly Entry[])[], isAccess: boolean): Purpose {
  const entries = lines.flat();
  if (entries.some((entry) => entry.do === 'add')) return 'mail';
  if (entries.every((entry) => REMOVALS.has(entry.do))) return 'removal';
  return isAccess ? 'access' : 'change';
}

export interface JournalParts {
  readonly directory: string;
  readonly state: State;
  readonly log: Log;
  readonly document: DocumentFile;
  readonly raws: RawStore;
  /**
   * The object that writes to the data directory; if the directory is opened only for reading, a text with the
   * reason instead.
   */
  readonly storage: Storage | string;
  readonly fsync: boolean;
  /**
   * Number of octets by which the log may exceed `GROWTH` times the size of its useful lines before it is
   * compacted.
   */
  readonly tolerated: number;
  /** Milliseconds between the last change of the segments and the compression of full segments. */
  readonly packAfter: number;
  /** Receives warnings for the operator about background work that failed. */
  readonly warn: (text: string) => void;
  /** Releases the lock of the data directory. */
  readonly release: () => Promise<void>;
}

export class JsonJournal implements Journal {
  readonly location: string;
  readonly threadWorld: ThreadWorld;
  readonly #state: State;
  readonly #log: Log;
  readonly #raws: RawStore;
  readonly #summaries = new SummaryReader();
  readonly #storage: Storage | string;
  readonly #document: DocumentSaver;
  readonly #fsync: boolean;
  readonly #warn: (text: string) => void;
  readonly #release: () => Promise<void>;
  readonly #tolerated: number;
  /**
   * Total size in octets of the message lines in the log. Together with their number, `#messageLines`, it
   * gives the average size of such a line.
   */
  #messageBytes = 0;
  #messageLines = 0;
  #compacting: Promise<void> | undefined;
  readonly #stop = new AbortController();
  /** Ids of messages whose damage was already reported. */
  readonly #reported = new Set<MessageId>();
  readonly #mover: SegmentMover;

  /**
   * Whether the repairs that run when the store is opened are still in progress. They may use the whole disk
   * space of the `reserve` file.
   */
  #recovering = true;

  constructor(parts: JournalParts) {
    const { directory, state, log, document, raws, storage, fsync, tolerated, packAfter, warn, release } =
      parts;
    this.location = directory;
    this.threadWorld = { directory, fsync };
    this.#state = state;
    this.#log = log;
    this.#raws = raws;
    this.#storage = storage;
    this.#document = new DocumentSaver({
      file: document,
      state,
      mayWrite: () => typeof storage !== 'string' && storage.isInPlace,
      warn,
    });
    this.#warn = warn;
    this.#release = release;
    this.#tolerated = tolerated;
    this.#fsync = fsync;
    this.#mover = new SegmentMover({
      state,
      raws,
      packAfter,
      isFull: () => typeof storage !== 'string' && storage.refusal !== null,
      // A copy of messages may need more than the whole reserve. It leaves half to removals and to the next start.
      write: (work) => (typeof storage === 'string' ? work() : storage.write('change', work)),
      append: (entry) => this.append([[entry]]),
      warn,
    });
    for (const { length } of state.messages.values()) {
      this.#messageBytes += length;
      this.#messageLines++;
    }
  }

  get refusal(): string | null {
    return typeof this.#storage === 'string' ? this.#storage : this.#storage.refusal;
  }

  assertTakesMail(): void {
    if (typeof this.#storage === 'string') throw unwritable(this.#storage);
    this.#storage.assertTakesMail();
  }

  async putRaw(message: NewRaw): Promise<RawPlace> {
    if (typeof this.#storage === 'string') throw unwritable(this.#storage);
    return this.#storage.write('mail', () => this.#raws.write(message));
  }

  async putFile(id: MessageId, file: string): Promise<RawPlace> {
    if (typeof this.#storage === 'string') throw unwritable(this.#storage);
    return this.#storage.write('mail', () => this.#raws.adopt(id, file));
  }

  async append(lines: readonly (readonly Entry[])[], isAccess = false): Promise<readonly Position[]> {
    const positions = await this.#write(lines, isAccess);
    for (const [i, entries] of lines.entries()) {
      const added = entries.filter((entry) => entry.do === 'add');
      const adds = added.length;
      for (const entry of added) this.#summaries.added(entry);
      this.#messageLines += adds;
      if (adds > 0) this.#mover.changed(adds);
      this.#messageBytes += adds === 0 ? 0 : (positions[i]?.length ?? 0);
      if (entries.some((entry) => DOCUMENT_ENTRIES.has(entry.do))) this.#document.changed();
    }
    this.#compactIfWorthwhile();
    return positions;
  }

  async settled(): Promise<void> {
    if (this.#fsync) await this.#log.synced();
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    const record = this.#state.messages.get(id);
    if (record === undefined) return undefined;
    const raw = await this.#raws.read(record);
    // The start reports a message whose file or segment is missing.
    const isChecked = raw === undefined ? this.#raws.has(record) : raw.length <= CHECKED;
    const damage = isChecked ? damageOf(record, raw) : null;
    if (damage !== null) await this.#reportOnce(record, damage);
    return raw;
  }

  /**
   * Reports damage to the bytes of a message only once, and not at all if the user accepted the damage in an
   * earlier repair.
   */

  async #reportOnce(record: MessageRecord, damage: DamageNote): Promise<void> {
    if (this.#reported.has(record.id)) return;
    this.#reported.add(record.id);
    const detail = await this.detail(record).catch(() => undefined);
    if (isAccepted(damage, detail?.notes[DAMAGE])) return;
    const problem = damage.found === 'missing' ? 'cannot be found' : 'differ from the received message';
    this.#warn(`The bytes of message ${record.id} ${problem}: ${this.#raws.describe(record)}`);
  }

  summary(record: MessageRecord): MessageSummary {
    return this.#summaries.read(this.#log, record);
  }

  async rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    const record = this.#state.messages.get(id);
    return record && this.#raws.readPart(record, start, end);
  }

  rawNow(id: MessageId): Buffer | undefined {
    const record = this.#state.messages.get(id);
    return record && this.#raws.readNow(record);
  }

  detail(record: MessageRecord): Promise<MessageDetail> {
    return readDetail(this.#log, record);
  }

  dropRaw(messages: readonly RawRef[]): void {
    this.#raws.remove(messages);
    this.#summaries.removed(messages);
    this.#mover.kick();
  }

  /**
   * Moves the messages of a damaged segment to another segment, and renames the damaged segment. Returns the new name.
   */
  replaceSegment(segment: Segment, now: number): Promise<string> {
    return this.#mover.replace(segment, now);
  }

  /**
   * Completes the opening of the journal; must be called after the repairs. Resolves when the journal has
   * determined whether the store can accept mail.
   */
  async opened(): Promise<void> {
    this.#recovering = false;
    this.#mover.changed(0);
    if (typeof this.#storage !== 'string') await this.#storage.check();
  }

  /** Compacts the log. Resolves when the compaction is complete. */
  async compact(keepOld?: string): Promise<void> {
    if (typeof this.#storage === 'string') return;
    await this.#compacting;
    this.#startCompaction(keepOld);
    await this.#compacting;
  }

  /** Saves the document `db.json` now. */
  saveDocument(): Promise<void> {
    return this.#document.save();
  }

  async close(): Promise<void> {
    this.#stop.abort(new StoreError('closed', 'The store closes'));
    await this.#mover.close();
    await this.#compacting;
    await this.#raws.removed();
    await this.#document.save();
    await this.settled();
    if (typeof this.#storage !== 'string') this.#storage.close();
    this.#raws.close();
    this.#log.close();
    await this.#release();
  }

  async #write(lines: readonly (readonly Entry[])[], isAccess: boolean): Promise<readonly Position[]> {
    const storage = this.#storage;
    const encoded = lines.map(encodeLine);
    if (typeof storage === 'string') {
      if (!this.#recovering && !isAccess) throw unwritable(storage);
      return this.#log.append(encoded);
    }
    const purpose = this.#recovering ? 'removal' : purposeOf(lines, isAccess);
    return storage.write(purpose, () => this.#log.append(encoded));
  }

  #compactIfWorthwhile(): void {
    const { size } = this.#log;
    if (typeof this.#storage === 'string' || this.#storage.refusal !== null) return;
    if (size < this.#tolerated || this.#compacting !== undefined || this.#stop.signal.aborted) return;
    const useful = this.#state.messages.size * (this.#messageBytes / Math.max(1, this.#messageLines));
    if (size > this.#tolerated + GROWTH * useful) this.#startCompaction();
  }

  #startCompaction(keepOld?: string): void {
    const { signal } = this.#stop;
    this.#compacting = this.#log
      .compact({
        begin: () => rewriteState(this.#state, signal),
        // The files of removed messages must be deleted before the old log is replaced. The new log does not
        // mention these removals, so the files would look like messages that the log has lost.
        beforeEnd: () => this.#raws.removed(),
        signal,
        fsync: this.#fsync,
        ...(keepOld !== undefined && { keepOld }),
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#warn(`The message log could not be compacted: ${String(error)}`);
      })
      .finally(() => (this.#compacting = undefined));
  }
}
