/**
 * The search index of a store, by message id: follows its change feed, indexes what has come when no more comes, and
 * narrows queries. What is not indexed yet counts as a candidate, so a search is right at any moment and only
 * slower at first.
 *
 * A store opens it when its state is complete (with what was saved at the last close, so that nothing need be
 * read again), gives `narrow` to its lists, writes `encode()` to a file now and then, and closes it before its
 * journal.
 */
import type { ChangeFeed } from '../changes.ts';
import type { MessageId } from '../ids.ts';
import type { Query } from '../query/ast.ts';
import type { Candidate } from '../query/candidate.ts';
import { TimeSlice } from '../time-slice.ts';
import { createSearchIndex } from './index.ts';
import { readSaved, writeSaved } from './saved.ts';
import { signatureOf } from './signature.ts';

export interface MessageSearchOptions {
  readonly changes: ChangeFeed;
  /** Ids of the messages that are there now. */
  readonly ids: () => Iterable<MessageId>;
  /** `undefined` when it is gone. Its text and headers are read at once, synchronously. */
  readonly candidate: (id: MessageId) => Candidate | undefined;
  /** What `encode` gave before. */
  readonly saved?: Buffer | undefined;
}

export interface MessageSearch {
  /** Ids that may match; `undefined` for all. */
  readonly narrow: (
    query: Query,
  ) => { has(id: string): boolean; readonly few: readonly MessageId[] | undefined } | undefined;
  /** Gives the signature of a message that is about to be added, so that it is indexed the moment it is. */
  expect(id: MessageId, signature: Uint16Array): void;
  /** Takes that back, if the message was not added. */
  expectNoMore(id: MessageId): void;
  /** Messages that wait to be indexed. */
  readonly waiting: number;
  /** Whether it began with all of what was saved: nothing was missing or damaged. */
  readonly isSaved: boolean;
  /** Octets of the index. */
  readonly size: number;
  /** The index in pieces, one a block, each true at the moment it is asked for: write them one after another. */
  encode(): Generator<Buffer, void, void>;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  close(): void;
}

/** Share of all messages that is named one by one, and at once: above, they are met in passing, others in between. */
const FEW = 1 / 64;
/** Milliseconds without a new message after which indexing begins: capture goes first. */
const QUIET = 200;
/** Messages that may wait for a quiet moment; a search reads that many in a second or two. */
const BACKLOG = 5000;

/** Resolves when what was saved is taken up; in slices, since that may be much. */
export async function openMessageSearch(options: MessageSearchOptions): Promise<MessageSearch> {
  const { changes, candidate } = options;
  const index = createSearchIndex();
  const ordinals = new Map<string, number>();
  const ids: (MessageId | undefined)[] = [];
  /** When an ordinal got its message, by the count of all that were added. */
  const addedAt: number[] = [];
  let added = 0;
  const expected = new Map<MessageId, Uint16Array>();
  const free: number[] = [];
  let waiting: MessageId[] = [];
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let isSaved = false;
  const slice = new TimeSlice();
  let lastArrival = -QUIET;
  const onSettled: (() => void)[] = [];

  const forget = (id: MessageId): void => {
    const ordinal = ordinals.get(id);
    if (ordinal === undefined) return;
    ordinals.delete(id);
    ids[ordinal] = undefined;
    free.push(ordinal);
    index.delete(ordinal);
  };

  function take(id: MessageId): void {
    const message = ordinals.has(id) ? undefined : candidate(id);
    if (message !== undefined) put(id, signatureOf(message));
  }

  function put(id: MessageId, signature: Uint16Array): void {
    const ordinal = free.pop() ?? ids.length;
    index.add(ordinal, signature);
    addedAt[ordinal] = ++added;
    ids[ordinal] = id;
    ordinals.set(id, ordinal);
  }

  /** Milliseconds until it is time to index. Where too many wait it is, even while mail keeps coming. */
  function pause(): number {
    if (waiting.length - next > BACKLOG) return 0;
    return Math.max(0, QUIET - (performance.now() - lastArrival));
  }

  /** Slice by slice, until nothing waits or mail goes first again. */
  async function run(): Promise<void> {
    for (;;) {
      await slice.rest();
      if (closed) return;
      if (pause() > 0) break;
      while (next < waiting.length && !slice.over) {
        const id = waiting[next++];
        if (id !== undefined) take(id);
      }
      if (next === waiting.length) break;
    }
    timer = undefined;
    if (next < waiting.length) {
      schedule();
      return;
    }
    waiting = [];
    next = 0;
    for (const settle of onSettled.splice(0)) settle();
  }

  /** The timer stands for the run that it begins, too: there is one at most. */
  function schedule(): void {
    timer ??= setTimeout(() => void run(), pause()).unref();
  }

  async function restore(saved: Buffer): Promise<void> {
    const blocks = readSaved(saved);
    for (;;) {
      const { done, value } = blocks.next();
      if (done === true) {
        isSaved = value;
        break;
      }
      const { number, owners, bytes } = value;
      if (slice.over) await slice.rest();
      if (!index.decodeBlock(number, bytes)) continue;
      owners.forEach(([ordinal, id]) => {
        while (ids.length <= ordinal) {
          ids.push(undefined);
          addedAt.push(0);
        }
        ids[ordinal] = id;
        ordinals.set(id, ordinal);
      });
    }
    for (const id of ids) {
      if (slice.over) await slice.rest();
      if (id !== undefined && candidate(id) === undefined) forget(id);
    }
    free.length = 0;
    for (let ordinal = ids.length - 1; ordinal >= 0; ordinal--) {
      if (ids[ordinal] === undefined) free.push(ordinal);
    }
  }

  if (options.saved !== undefined) await restore(options.saved);
  for (const id of options.ids()) if (!ordinals.has(id)) waiting.push(id);
  const stop = changes.subscribe((change) => {
    if (change.kind === 'message-added') {
      const signature = expected.get(change.message);
      if (signature !== undefined) {
        expected.delete(change.message);
        put(change.message, signature);
        return;
      }
      waiting.push(change.message);
      lastArrival = performance.now();
      schedule();
    } else if (change.kind === 'message-removed') {
      forget(change.message);
    }
  });
  if (waiting.length > 0) schedule();

  return {
    narrow(query) {
      const candidates = index.candidates(query);
      if (candidates === 'all') return undefined;
      const asked = added;
      const late = waiting.slice(next);
      const isFew = candidates.count + late.length < FEW * ordinals.size;
      return {
        few: isFew
          ? [...late, ...Array.from(candidates.ordinals(), (ordinal) => ids[ordinal])].filter(
              (id) => id !== undefined,
            )
          : undefined,
        has(id) {
          const ordinal = ordinals.get(id);
          // What was indexed since it was asked, it does not know.
          return ordinal === undefined || (addedAt[ordinal] ?? 0) > asked || candidates.has(ordinal);
        },
      };
    },
    expect: (id, signature) => void expected.set(id, signature),
    expectNoMore: (id) => void expected.delete(id),
    get waiting() {
      return waiting.length - next;
    },
    get isSaved() {
      return isSaved;
    },
    get size() {
      return index.size;
    },
    encode: () => writeSaved(index, ids),
    settled: () =>
      next < waiting.length ? new Promise((resolve) => onSettled.push(resolve)) : Promise.resolve(),
    close() {
      stop();
      closed = true;
      clearTimeout(timer);
      waiting = [];
      next = 0;
      for (const settle of onSettled.splice(0)) settle();
    },
  };
}
