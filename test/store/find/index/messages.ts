/** Messages in memory with a search index, for the tests of the index. */
import type { Change } from '../../../../server/store/changes.ts';
import { documentOf } from '../../../../server/store/find/index/document.ts';
import {
  MessageIndex,
  NOT_INDEXED,
  type IndexedMessage,
  type SegmentSizes,
} from '../../../../server/store/find/index/message-index.ts';
import { memoryHome, type SegmentHome } from '../../../../server/store/find/index/segment-home.ts';
import type { Candidate } from '../../../../server/store/find/language/candidate.ts';
import { fold } from '../../../../server/store/find/language/fold.ts';
import { matches } from '../../../../server/store/find/language/match.ts';
import type { Query } from '../../../../server/store/find/language/ast.ts';
import type { MessageId, Seq } from '../../../../server/store/ids.ts';
import type { MessageSummary } from '../../../../server/store/store.ts';
import { summaryOf } from '../language/candidates.ts';

/** A message of a test. */
export interface TestMessage {
  readonly summary?: Partial<MessageSummary>;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly filenames?: readonly string[];
  readonly text: string;
}

export interface Stored extends IndexedMessage {
  readonly message: TestMessage;
  readonly candidate: Candidate & { readonly summary: MessageSummary };
}

const fieldsOf = ({ headers = [] }: TestMessage) =>
  headers.map(([name, value]) => ({ name, value, folded: fold(value) }));

/** Limits that make the segments small, so that a few messages fill several segments and cause merges. */
const SMALL: SegmentSizes = { positions: 300, messages: 6, fan: 3, merged: 1000 };

export class Messages {
  readonly stored = new Map<MessageId, Stored>();
  readonly reports: string[] = [];
  /** Ids of messages whose content cannot be read now. */
  readonly unreadable = new Set<MessageId>();
  #seq = 0;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly changes = {
    seq: 0 as Seq,
    subscribe: (listener: (change: Change) => void) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
    since: () => [],
    caughtUp: () => Promise.resolve(),
  };

  add(message: TestMessage, id = `id${this.#seq + 1}` as MessageId): MessageId {
    const seq = ++this.#seq as Seq;
    const summary = summaryOf({ ...message.summary, id, seq });
    const candidate = {
      summary,
      seen: false,
      flagged: false,
      headers: () => fieldsOf(message),
      foldedText: () => fold(message.text),
      filenames: () => message.filenames ?? [],
    };
    this.stored.set(id, { id, seq, size: summary.size, indexNumber: NOT_INDEXED, message, candidate });
    this.#publish({ kind: 'message-added', seq, message: id, places: [] });
    return id;
  }

  remove(id: MessageId): void {
    this.stored.delete(id);
    this.#publish({
      kind: 'message-removed',
      seq: ++this.#seq as Seq,
      places: [],
      reason: 'deleted',
      message: id,
    });
  }

  /** Forgets which messages are indexed, as a new process does. */
  restart(): void {
    for (const message of this.stored.values()) message.indexNumber = NOT_INDEXED;
  }

  /** @param unused time after which an index without arrivals writes its segment in memory, in milliseconds */
  index(
    home: SegmentHome = memoryHome(),
    sizes: Partial<SegmentSizes> = SMALL,
    unused?: number,
  ): MessageIndex<Stored> {
    return new MessageIndex({
      changes: this.changes,
      messages: () => this.stored.values(),
      message: (id) => this.stored.get(id),
      read: async ({ id }) => {
        const stored = this.stored.get(id);
        if (stored === undefined || this.unreadable.has(id)) return undefined;
        const { message, candidate } = stored;
        return documentOf(candidate.summary, {
          headers: fieldsOf(message),
          text: candidate.foldedText(),
          filenames: candidate.filenames(),
        });
      },
      home,
      report: (line) => this.reports.push(line),
      sizes,
      ...(unused !== undefined && { unused }),
    });
  }

  /** Returns the ids of the messages that match according to the matcher. */
  matching(query: Query): MessageId[] {
    return [...this.stored.values()].filter(({ candidate }) => matches(query, candidate)).map(({ id }) => id);
  }

  #publish(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The result of a query according to the index. */
export interface IndexResult {
  /** Ids of the messages that match for certain. */
  readonly definite: MessageId[];
  /** Ids of the messages that match or may match. */
  readonly possible: MessageId[];
}

export async function search(
  index: Pick<MessageIndex, 'answer'>,
  messages: Messages,
  query: Query,
): Promise<IndexResult> {
  const answers = await index.answer(query);
  const all = [...messages.stored.values()];
  const definite = all.filter(({ indexNumber: n }) => answers?.covers(n) === true && answers.definite.has(n));
  const possible = all.filter(({ indexNumber: n }) => answers?.covers(n) !== true || answers.possible.has(n));
  return { definite: definite.map(({ id }) => id), possible: possible.map(({ id }) => id) };
}
