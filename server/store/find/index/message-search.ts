/**
 * The search index of a store, by message id. It follows the change feed, indexes new messages when no more arrive,
 * and narrows queries. A message that is not indexed yet counts as a candidate, so the results are always complete
 * and a search is only slower at first.
 *
 * A store opens the index when its state is complete, with the index saved at the last close so that no messages
 * must be read again. It passes `narrow` to its lists, writes `encode()` to a file periodically, and closes the
 * index before its journal.
 */
import type { ChangeFeed } from '../../changes.ts';
import type { MessageId } from '../../ids.ts';
import type { Query } from '../language/ast.ts';
import type { Candidate } from '../language/candidate.ts';
import { TimeSlice } from '../../../async/time-slice.ts';
import { createSearchIndex } from './index.ts';
import { readSaved, writeSaved } from './saved.ts';
import { signatureOf } from './signature.ts';

export interface MessageSearchOptions {
  readonly changes: ChangeFeed;
  /** Returns the ids of all existing messages. */
  readonly ids: () => Iterable<MessageId>;
  /**
   * Returns the candidate for a message; `undefined` for a removed message. Its text and its headers are read
   * immediately and synchronously.
   */
  readonly candidate: (id: MessageId) => Candidate | undefined;
  /** The octets that `encode` returned earlier. */
  readonly saved?: Buffer | undefined;
}

export interface MessageSearch {
  /** Returns the ids that may match; `undefined` if any message may match. */
  readonly narrow: (
    query: Query,
  ) => { has(id: string): boolean; readonly few: readonly MessageId[] | undefined } | undefined;
  /**
   * Stores the signature of a message that is about to be added, so that the message is indexed as soon as it is
   * added.
   */
  expect(id: MessageId, signature: Uint16Array): void;
  /** Discards the expected signature if the message was not added. */
  expectNoMore(id: MessageId): void;
  /** Number of messages that wait to be indexed. */
  readonly waiting: number;
  /** Whether the saved index was complete: no part was missing or damaged. */
  readonly isSaved: boolean;
  /** Size of the index in octets. */
  readonly size: number;
  /**
   * Returns the index in pieces, one for each block. Each piece is current when it is requested, so write it before
   * the next.
   */
  encode(): Generator<Buffer, void, void>;
  /** Resolves when no message waits to be indexed. */
  settled(): Promise<void>;
  close(): void;
}

/**
 * Maximum share of all messages for which a narrowed query lists the ids at once. A larger share is checked during a
 * pass over the INBOX, with other work in between.
 */
const FEW = 1 / 64;
/** Milliseconds without a new message after which indexing starts: capturing mail has priority. */
const QUIET = 200;
/**
 * Maximum number of messages that wait to be indexed while mail arrives; a search reads this number in one or two
 * seconds.
 */
const BACKLOG = 5000;

/** Opens the index. Resolves when the saved index is read; works in time slices, because it may be large. */
export async function openMessageSearch(options: MessageSearchOptions): Promise<MessageSearch> {
  const { changes, candidate } = options;
  const index = createSearchIndex();
  const ordinals = new Map<string, number>();
  const ids: (MessageId | undefined)[] = [];
  /** For each ordinal, the value of `added` when its message was indexed. */
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

  /** Returns the milliseconds to wait before indexing: 0 when too many messages wait, even while mail arrives. */
  function pause(): number {
    if (waiting.length - next > BACKLOG) return 0;
    return Math.max(0, QUIET - (performance.now() - lastArrival));
  }

  /** Indexes in time slices until no message waits or new mail has priority again. */
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

  /**
   * Starts the timer unless it is set. It stays set during the run that it starts, so that only one run is active.
   */
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
      const requestedAt = added;
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
          // The result of the query does not cover messages that were indexed after the query.
          return ordinal === undefined || (addedAt[ordinal] ?? 0) > requestedAt || candidates.has(ordinal);
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
