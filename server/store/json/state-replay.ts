/**
 * Recreates the state by applying the lines of the log. Damaged, missing, duplicated and misplaced lines do
 * not stop this: the state is built from the remaining lines.
 */
import type { Change } from '../changes.ts';
import type { MailboxId, MessageId, Seq } from '../ids.ts';
import type { LineReceiver } from '../log/replay.ts';
import { apply } from '../model/apply/index.ts';
import type { Entry, LogEntry, MailboxEntry } from '../model/entry.ts';
import type { State } from '../model/state.ts';
import { NOWHERE, type Position } from '../position.ts';
import { StoreError } from '../store.ts';
import { decodeLine } from './entry-line.ts';
import { assertReadable, LOG_VERSION, migrate, type Migrations } from './migrations.ts';
import { NumberSet } from './number-set.ts';

/**
 * Number of octets at the end of the log whose changes are added to the change feed. Earlier lines are not
 * needed for the feed, because it stores only 16,384 changes.
 */
const FEED_TAIL = 64 << 20;

export interface ReplayOptions {
  readonly steps: Migrations;
  /**
   * The mailboxes in the document `db.json`, by id. They are used if the entry that created a mailbox was
   * lost from the log.
   */
  readonly mailboxes: ReadonlyMap<MailboxId, MailboxEntry>;
}

/**
 * Returns whether applying an entry causes changes (which are published to listeners). If so, `seq` of the
 * entry is the number of its first change.
 */
function causesChanges(entry: Entry): boolean {
  if (entry.do === 'account' || entry.do === 'mailbox') return entry.change !== null;
  if (entry.do === 'subscribe') return entry.mailbox !== undefined;
  if (entry.do === 'record') return entry.kept !== true;
  return !SILENT.has(entry.do);
}

const SILENT = new Set(['keep', 'history', 'recent', 'moved']);
const DOCUMENT = new Set(['account', 'account-gone', 'mailbox', 'mailbox-gone', 'subscribe', 'record']);

export class StateReplay implements LineReceiver {
  /** Version of the log's format; `undefined` if the first line of the log is not readable. */
  version: number | undefined;
  /**
   * Number of misplaced lines in the log: lines that occur twice, or that come after lines with later
   * changes.
   */
  displaced = 0;
  /**
   * Number of entries whose change number is higher than the next expected number, because the lines before them are
   * missing.
   */
  gaps = 0;
  /**
   * Ids of messages that were removed according to the log. If the file of such a message still exists, the
   * message is not restored from it.
   */
  readonly removed = new Set<MessageId>();
  /**
   * Number of the last change to data that the document `db.json` also contains: accounts, mailboxes and
   * records.
   */
  documentSeq = 0;
  readonly #state: State;
  readonly #options: ReplayOptions;
  #tail = 0;
  /** The numbers (seqs) of all changes that were read from the log. */
  readonly #seen = new NumberSet();
  #highest = 0;
  /** Whether an entry was read that was appended to the log after its last compaction. */
  #hasChanges = false;

  constructor(state: State, options: ReplayOptions) {
    this.#state = state;
    this.#options = options;
  }

  begin(size: number): void {
    this.#tail = size - FEED_TAIL;
  }

  /**
   * Applies a line of the log to the state. Returns false for a line with a correct checksum but invalid content.
   * Throws `StoreError('newer')` for the first line of a log of a newer version.
   */
  take(line: Buffer, position: Position): boolean {
    try {
      for (const entry of decodeLine(line)) {
        if (entry.do === 'log') this.#begin(entry);
        else this.#apply(entry, position);
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return false;
    }
    return true;
  }

  /** Skips the change numbers that lost lines may have used. Must be called after the last line of the log. */
  end(): void {
    if (this.#state.seq < this.#highest) this.#state.skipTo(this.#highest as Seq);
    this.#state.takeDropped();
  }

  #begin({ version, seq }: LogEntry): void {
    assertReadable(version);
    if (this.version !== undefined) this.displaced++;
    this.version ??= version;
    if (seq < this.#state.seq) return;
    this.#state.ring.restart(seq);
    this.#highest = Math.max(this.#highest, seq);
  }

  #apply(read: Entry, position: Position): void {
    const { steps } = this.#options;
    const entry = migrate(read, this.version ?? LOG_VERSION, LOG_VERSION, steps);
    if (entry === undefined) return;
    this.#heal(entry);
    if (this.#isRepeated(entry)) this.displaced++;
    else if (causesChanges(entry) && entry.seq <= this.#highest) this.#applyDisplaced(entry, position);
    else if (entry.do === 'history' && this.#hasChanges) this.displaced++;
    else this.#applyNext(entry, position);
  }

  /** Applies an entry whose change number is higher than the numbers of all earlier entries. */
  #applyNext(entry: Entry, position: Position): void {
    const { ring } = this.#state;
    if (causesChanges(entry) && entry.seq > ring.seq + 1) {
      this.gaps++;
      this.#state.skipTo((entry.seq - 1) as Seq);
    }
    const changes = apply(this.#state, entry, position);
    this.#count(entry, changes);
    // If the changes of an entry have gaps in their numbers, the entry names objects that do not exist,
    // because the entries that created them were lost.
    const gap = entry.do !== 'history' && changes.some(({ seq }, i) => seq !== ring.seq + 1 + i);
    if (position.offset < this.#tail) ring.pass(changes);
    else ring.record(changes);
    if (gap) for (const mailbox of this.#state.mailboxes.values()) mailbox.forgetHistory(ring.seq);
    if (DOCUMENT.has(entry.do)) this.documentSeq = Math.max(this.documentSeq, entry.seq);
    this.#noteRemoved(changes);
  }

  /**
   * Returns whether an entry adds a message that was already added or removed. Such an entry is a duplicate,
   * because message ids are unique.
   */
  #isRepeated(entry: Entry): boolean {
    return (entry.do === 'add' || entry.do === 'keep') && this.#isKnown(entry.message.id);
  }

  #isKnown(id: MessageId): boolean {
    return this.#state.messages.has(id) || this.removed.has(id);
  }

  /**
   * Applies a misplaced entry, which comes after entries with higher change numbers in the log. Does nothing
   * if the entry was already applied.
   */
  #applyDisplaced(entry: Entry, position: Position): void {
    this.displaced++;
    if (this.#seen.has(entry.seq)) return;
    const changes = apply(this.#state, entry, position);
    this.#count(entry, changes);
    this.#noteRemoved(changes);
    for (const mailbox of this.#state.mailboxes.values()) mailbox.forgetHistory(this.#state.seq);
  }

  #count(entry: Entry, changes: readonly Change[]): void {
    if (!causesChanges(entry)) return;
    this.#hasChanges = true;
    const last = Math.max(entry.seq, ...changes.slice(-1).map(({ seq }) => seq));
    this.#seen.add(entry.seq, last);
    this.#highest = Math.max(this.#highest, last);
  }

  #noteRemoved(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'message-removed') this.removed.add(change.message);
    }
  }

  /**
   * Creates missing mailboxes that an entry names. They are missing because the log entries that created them
   * were lost.
   */
  #heal(entry: Entry): void {
    if (entry.do === 'add' || entry.do === 'keep')
      for (const place of entry.places) this.#healMailbox(place.mailbox);
    if (entry.do === 'place') for (const item of entry.items) this.#healMailbox(item.mailbox);
  }

  #healMailbox(id: MailboxId): void {
    if (this.#state.mailboxes.has(id)) return;
    const lost = this.#options.mailboxes.get(id);
    if (lost === undefined || this.#state.accounts.get(lost.account)?.mailbox(lost.name) !== undefined)
      return;
    apply(this.#state, lost, NOWHERE);
  }
}
