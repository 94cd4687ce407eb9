/**
 * The search index of a store. It subscribes to the changes of the store, indexes new messages after mail stopped
 * arriving, and answers the terms of queries. The matcher reads messages that are not indexed yet. Therefore the
 * results of a search are always complete; until the messages are indexed, a search is slower, but not incomplete.
 *
 * New messages are added to a segment in memory. A full segment is written to its storage place (the "home" of the
 * index). Segments of similar size are merged, so the number of segments grows only with the logarithm of the number of
 * messages.
 */
import type { ChangeFeed } from '../../changes.ts';
import type { MessageId, Seq } from '../../ids.ts';
import { TimeSlice } from '../../../async/time-slice.ts';
import type { Query } from '../language/ast.ts';
import { answer, answerable, SegmentFailure, type Answers, type NumberedSegment } from './answers.ts';
import { Bits } from './bits.ts';
import type { IndexedDocument } from './document.ts';
import { SortingSpace, textsOfFresh } from './fresh-content.ts';
import { FreshSegment } from './fresh-segment.ts';
import { release } from './large-buffer.ts';
import { mergedContent } from './merge.ts';
import { encodeSegment, type SegmentContent } from './segment-content.ts';
import { DamagedSegment, DroppedSegment, OtherVersion } from './segment-file.ts';
import type { SegmentHome } from './segment-home.ts';
import type { Segment } from './segment.ts';
import { StoredSegment } from './stored-segment.ts';

/** The properties of a stored message that the search index uses. */
export interface IndexedMessage {
  readonly id: MessageId;
  readonly seq: Seq;
  /** Size of the raw message in octets. */
  readonly size: number;
  /**
   * Number that the index assigns to the message; `NOT_INDEXED` while the message is not in the index. Other
   * code must not change it.
   */
  indexNumber: number;
}

export const NOT_INDEXED = -1;

export interface MessageIndexOptions<M extends IndexedMessage> {
  readonly changes: ChangeFeed;
  /** Iterates over all messages of the store. */
  readonly messages: () => Iterable<M>;
  /** Returns the message with this id; `undefined` if the message was removed. */
  readonly message: (id: MessageId) => M | undefined;
  /**
   * Reads the content of a message that is to be indexed. Returns `undefined` if the message cannot be read
   * at the moment.
   */
  readonly read: (message: M) => Promise<IndexedDocument | undefined>;
  readonly home: SegmentHome;
  /** Receives a line for the operator when a segment is damaged or missing and its messages are indexed again. */
  readonly report: (line: string) => void;
  /** Size limits of segments; only tests pass other limits than the defaults. */
  readonly sizes?: Partial<SegmentSizes>;
  /** Replaces `UNUSED`, in milliseconds; only tests pass another time than the default. */
  readonly unused?: number;
}

/** The limits that determine when segments are written and merged. */
export interface SegmentSizes {
  /**
   * Number of token positions at which the segment in memory is full and is written. `messages` is the same
   * limit for the number of messages.
   */
  readonly positions: number;
  readonly messages: number;
  /** Number of segments of similar size that one merge combines. */
  readonly fan: number;
  /** Maximum number of messages in a merged segment. */
  readonly merged: number;
}

const SIZES: SegmentSizes = { positions: 1 << 19, messages: 1 << 12, fan: 8, merged: 50_000 };

/**
 * Time without a new message after which indexing starts, in milliseconds. Indexing waits, because capturing
 * mail has priority.
 */
const QUIET = 200;
/**
 * Maximum number of messages that wait to be indexed while mail arrives. Without the index, a search reads this
 * many messages in one or two seconds.
 */
const BACKLOG = 5000;
/** Time after which a failed write of a segment (for example on a full disk) is tried again, in milliseconds. */
const RETRY = 60_000;
/**
 * Time in milliseconds after which memory that is not needed is freed: tables of segments that no search has used,
 * and, if no message arrived, the segment in memory, which is then written to the disk.
 */
const UNUSED = 15_000;
/** The segment in memory is written before it is full only if it has at least this share of a full segment's messages. */
const WORTH_WRITING = 1 / 40;
/** Maximum time that closing the index spends on messages that wait to be indexed, in milliseconds. */
const LAST = 250;
/**
 * If the share of removed messages in all stored segments exceeds this value (0 to 1), each segment is
 * checked for removed messages.
 */
const SWEPT = 0.25;
/** Share of removed messages in a segment (0 to 1) above which the segment is written again without them. */
const MANY_REMOVED = 0.5;

/** A segment of the search index, and the messages that it contains. */
interface Part {
  readonly segment: Segment;
  /** The messages of the segment, by document number; `undefined` in place of a removed message. */
  readonly messages: (IndexedMessage | undefined)[];
  /** Number of searches and merges that currently use the segment. */
  users: number;
}

interface FreshPart extends Part {
  readonly segment: FreshSegment;
}

interface StoredPart extends Part {
  readonly name: string;
  readonly segment: StoredSegment;
  /** Whether the segment is no longer part of the index. It is closed when `users` is 0. */
  replaced: boolean;
}

/**
 * Returns a number that is stored with the message's id and identifies the message together with it. The id
 * is not sufficient: after the log was lost, the same id may be assigned to another message.
 */
const stampOf = ({ seq, size }: IndexedMessage): number => (Math.imul(seq, 0x9e3779b1) ^ size) >>> 0;

export class MessageIndex<M extends IndexedMessage = IndexedMessage> {
  readonly #options: MessageIndexOptions<M>;
  readonly #sizes: SegmentSizes;
  readonly #slice = new TimeSlice();
  #stored: StoredPart[] = [];
  /** Full segments in memory that are not yet written to the disk. */
  readonly #full: FreshPart[] = [];
  #fresh: FreshPart = { segment: new FreshSegment(), messages: [], users: 0 };
  /**
   * Arrays of a segment that was written, which the next segments use; `undefined` when no message was indexed for a
   * while.
   */
  #spareStream: Uint32Array<ArrayBuffer> | undefined;
  #sortingSpace: SortingSpace | undefined;
  /** The index numbers of all messages that the index contains. */
  readonly #indexed = new Bits();
  #nextNumber = 0;
  /**
   * Number of messages that were removed from the store since the segments were last checked for removed
   * messages.
   */
  #removed = 0;
  #waiting: MessageId[] = [];
  #next = 0;
  #lastArrival = -QUIET;
  readonly #openedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #retryAt = 0;
  #closed = false;
  readonly #onSettled: (() => void)[] = [];
  readonly #opened: Promise<void>;
  readonly #stop: () => void;
  readonly #unused: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  /** Opens an index. The stored segments are read in the background; a search waits until they are read. */
  constructor(options: MessageIndexOptions<M>) {
    this.#options = options;
    this.#sizes = { ...SIZES, ...options.sizes };
    this.#opened = this.#restore();
    this.#stop = options.changes.subscribe((change) => {
      if (change.kind === 'message-added') this.#arrived(change.message);
      else if (change.kind === 'message-removed') this.#left();
    });
    this.#unused = setInterval(() => this.#dropUnused(), options.unused ?? UNUSED).unref();
  }

  /** Number of messages that wait to be indexed. */
  get waiting(): number {
    return this.#waiting.length - this.#next;
  }

  /** Number of segments that a search looks through. */
  get segments(): number {
    return this.#parts().length;
  }

  /** Resolves when the stored segments are read. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Resolves when no message waits to be indexed. */
  async settled(): Promise<void> {
    await this.#opened;
    if (this.waiting > 0) await new Promise<void>((resolve) => this.#onSettled.push(resolve));
  }

  /**
   * Returns the answers of the index to the terms of a query; `undefined` if the query has no term that the
   * index can answer.
   */
  async answer(query: Query): Promise<Answers | undefined> {
    if (answerable(query).length === 0) return undefined;
    await this.#opened;
    for (;;) {
      const stored = this.#stored;
      const used = this.#parts();
      const indexed = this.#indexed.copy();
      use(used, 1);
      try {
        const parts = used.map((part) => this.#numbered(part));
        return await answer(query, parts, indexed, new TimeSlice());
      } catch (error) {
        const broken = stored.find(
          ({ segment }) => error instanceof SegmentFailure && error.segment === segment,
        );
        if (broken === undefined) throw error;
        await this.#lose(broken, error instanceof Error ? error.cause : error);
      } finally {
        use(used, -1);
        await this.#closeReplaced(stored);
      }
    }
  }

  /** Writes the segment in memory and closes the index. */
  async close(): Promise<void> {
    this.#stop();
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#unused);
    await this.#opened;
    await this.#running;
    if (this.#options.home.isWritable) {
      await this.#takeLast();
      if (this.#fresh.segment.size > 0) this.#full.push(this.#fresh);
      for (const part of [...this.#full]) await this.#write(part).catch(() => undefined);
    }
    // Segments that a search is still using are closed by that search when it ends.
    for (const part of this.#stored) part.replaced = true;
    await this.#closeReplaced(this.#stored);
    this.#stored = [];
    for (const settle of this.#onSettled.splice(0)) settle();
  }

  #parts(): Part[] {
    return [...this.#stored, ...this.#full, this.#fresh];
  }

  #numbered({ segment, messages }: Part): NumberedSegment {
    return {
      segment,
      numbersOf(docs) {
        const numbers = new Bits();
        for (const doc of docs) {
          const number = messages[doc]?.indexNumber ?? NOT_INDEXED;
          if (number !== NOT_INDEXED) numbers.add(number);
        }
        return numbers;
      },
    };
  }

  #number(message: IndexedMessage): void {
    message.indexNumber = this.#nextNumber++;
    this.#indexed.add(message.indexNumber);
  }

  // This section of the file reads the segments that an earlier run of the server stored.

  async #restore(): Promise<void> {
    const { home, messages, report } = this.#options;
    const names = await home.list().catch(() => []);
    for (const name of names) {
      try {
        this.#stored.push(await this.#openPart(name));
      } catch (error) {
        if (!(error instanceof OtherVersion)) report(lostLine(error));
        if (home.isWritable) await home.remove(name).catch(() => undefined);
      }
    }
    for (const { id, indexNumber } of messages()) {
      if (indexNumber === NOT_INDEXED) this.#waiting.push(id);
      if (this.#slice.over) await this.#slice.rest();
    }
    if (this.waiting > 0 || this.#isSweepDue()) this.#schedule();
  }

  async #openPart(name: string): Promise<StoredPart> {
    const segment = await StoredSegment.open(await this.#options.home.open(name));
    const messages: (IndexedMessage | undefined)[] = [];
    const stored = await segment.messages().catch(async (error: unknown) => {
      await segment.close();
      throw error;
    });
    for (const { id, stamp } of stored) {
      const message = this.#options.message(id);
      const isKnown = message?.indexNumber === NOT_INDEXED && stampOf(message) === stamp;
      if (isKnown) this.#number(message);
      else this.#removed++;
      messages.push(isKnown ? message : undefined);
      if (this.#slice.over) await this.#slice.rest();
    }
    return { name, segment, messages, users: 0, replaced: false };
  }

  // This section of the file indexes messages and writes full segments.

  #arrived(id: MessageId): void {
    this.#waiting.push(id);
    this.#lastArrival = performance.now();
    this.#schedule();
  }

  #left(): void {
    this.#removed++;
    if (this.#isSweepDue()) this.#schedule();
  }

  /**
   * Returns whether so many messages were removed that segments with many removed messages should be written
   * again without them.
   */
  #isSweepDue(): boolean {
    const size = this.#stored.reduce((sum, { segment }) => sum + segment.size, 0);
    return this.#options.home.isWritable && this.#removed > this.#sizes.messages / 40 + SWEPT * size;
  }

  /**
   * Returns the time in milliseconds to wait before indexing starts. If too many messages wait to be indexed,
   * arriving mail does not delay indexing.
   */
  #pause(): number {
    const retry = Math.max(0, this.#retryAt - performance.now());
    if (this.waiting > BACKLOG) return retry;
    return Math.max(retry, QUIET - (performance.now() - this.#lastArrival));
  }

  /**
   * Starts the timer of the next indexing run, unless the timer is already set. The timer is cleared only at
   * the end of the run, so runs never overlap.
   */
  #schedule(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#running = this.#run();
    }, this.#pause()).unref();
  }

  /**
   * Indexes waiting messages, in time slices. Stops when no message waits to be indexed, or when new mail has
   * arrived, because capturing mail has priority.
   */
  async #run(): Promise<void> {
    await this.#opened;
    while (!this.#closed && this.waiting > 0 && this.#pause() <= 0) {
      if (this.#slice.over) await this.#slice.rest();
      const id = this.#waiting[this.#next++];
      if (id !== undefined) await this.#take(id);
      if (this.#isFull()) await this.#seal();
    }
    if (this.waiting === 0) await (this.#isAtRest() ? this.#seal() : this.#tidy());
    this.#timer = undefined;
    if (this.waiting > 0) {
      this.#schedule();
      return;
    }
    this.#waiting = [];
    this.#next = 0;
    for (const settle of this.#onSettled.splice(0)) settle();
  }

  /** Returns whether the segment in memory should be written although it is not full, because no mail arrives. */
  #isAtRest(): boolean {
    const { unused = UNUSED, home } = this.#options;
    if (performance.now() - Math.max(this.#lastArrival, this.#openedAt) < unused) return false;
    return home.isWritable && this.#fresh.segment.size > WORTH_WRITING * this.#sizes.messages;
  }

  async #take(id: MessageId): Promise<void> {
    const message = this.#options.message(id);
    if (message?.indexNumber !== NOT_INDEXED) return;
    // A message that cannot be read is not indexed. Each search tries to read it again, and reports the
    // reason if this fails.
    const document = await this.#options.read(message).catch(() => undefined);
    if (document === undefined || this.#options.message(id) !== message) return;
    const { segment, messages } = this.#fresh;
    await segment.add(document, this.#slice);
    messages.push(message);
    this.#number(message);
  }

  /**
   * Indexes waiting messages for a short time before the index closes, so that a program that runs only briefly
   * leaves a complete index.
   */
  async #takeLast(): Promise<void> {
    const until = performance.now() + LAST;
    while (this.waiting > 0 && performance.now() < until) {
      const id = this.#waiting[this.#next++];
      if (id !== undefined) await this.#take(id);
    }
  }

  #isFull(): boolean {
    const { segment } = this.#fresh;
    return segment.positions >= this.#sizes.positions || segment.size >= this.#sizes.messages;
  }

  /**
   * Writes the segment in memory to the disk, starts a new segment in memory, and merges stored segments if
   * there are too many.
   */
  async #seal(): Promise<void> {
    if (!this.#options.home.isWritable) {
      // Segments cannot be written at the moment. Indexing pauses, because the segment in memory must not
      // grow without limit.
      this.#retryAt = performance.now() + RETRY;
      return;
    }
    this.#full.push(this.#fresh);
    this.#fresh = { segment: new FreshSegment(this.#spareStream), messages: [], users: 0 };
    this.#spareStream = undefined;
    try {
      for (const part of [...this.#full]) await this.#write(part);
    } catch {
      // Writing failed, for example because the disk is full. The segments stay in memory, and indexing
      // pauses until the next attempt.
      this.#retryAt = performance.now() + RETRY;
      return;
    }
    await this.#tidy();
  }

  async #write(part: FreshPart): Promise<void> {
    const { facts, partial, lengths } = part.segment;
    const space = (this.#sortingSpace ??= new SortingSpace());
    await this.#store({ facts, partial, lengths, ...textsOfFresh(part.segment, space) }, part.messages, []);
    this.#full.splice(this.#full.indexOf(part), 1);
    if (part.users === 0) this.#spareStream = part.segment.takeStream();
  }

  /** Writes a segment to the disk, and removes the segments that it replaces. */
  async #store(
    content: Omit<SegmentContent, 'ids' | 'stamps'>,
    messages: readonly (IndexedMessage | undefined)[],
    replaced: readonly StoredPart[],
  ): Promise<void> {
    const { home } = this.#options;
    const whole = {
      ...content,
      ids: messages.map((message) => message?.id ?? ('' as MessageId)),
      stamps: messages.map((message) => (message === undefined ? 0 : stampOf(message))),
    };
    const pieces = encodeSegment(whole, this.#slice);
    const name = await home.write(replaced.length === 0 ? pieces : this.#untilClosed(pieces));
    const segment = await StoredSegment.open(await home.open(name));
    const part = { name, segment, messages: [...messages], users: 0, replaced: false };
    this.#stored = [...this.#stored.filter((each) => !replaced.includes(each)), part];
    for (const each of replaced) await this.#remove(each);
  }

  /**
   * Yields the pieces of a merged segment unchanged, but throws when the index is being closed, which ends the
   * merge. A large merge may take seconds, and the index is complete without it.
   */
  async *#untilClosed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const piece of pieces) {
      if (this.#closed) throw new Error('The index closes');
      yield piece;
    }
  }

  // This section of the file merges stored segments.

  /**
   * Merges stored segments if there are too many of them, and writes segments again if many of their messages
   * were removed.
   */
  async #tidy(): Promise<void> {
    try {
      if (this.#isSweepDue()) await this.#sweep();
      for (;;) {
        const parts = this.#mergeable();
        if (parts === undefined || this.#closed || !this.#options.home.isWritable) return;
        await this.#merge(parts);
      }
    } catch {
      // Writing failed, for example because the disk is full. The stored segments remain unchanged.
      this.#retryAt = performance.now() + RETRY;
    }
  }

  /**
   * Returns stored segments of similar size that can be merged; `undefined` if there are not enough segments
   * of one size.
   */
  #mergeable(): readonly StoredPart[] | undefined {
    const { fan, merged, messages } = this.#sizes;
    const tiers = new Map<number, StoredPart[]>();
    for (const part of this.#stored) {
      const tier = Math.max(0, Math.floor(Math.log(part.segment.size / (messages / fan)) / Math.log(fan)));
      tiers.set(tier, [...(tiers.get(tier) ?? []), part]);
    }
    for (const tier of tiers.values()) {
      const parts = tier.slice(0, fan);
      const size = parts.reduce((sum, { segment }) => sum + segment.size, 0);
      if (parts.length === fan && size <= merged) return parts;
    }
    return undefined;
  }

  async #merge(parts: readonly StoredPart[]): Promise<void> {
    use(parts, 1);
    try {
      this.#forgetRemoved(parts);
      const alive = parts.map(({ segment, messages }) => ({
        segment,
        isAlive: messages.map((message) => message !== undefined),
      }));
      const messages = parts.flatMap((part) => part.messages.filter((message) => message !== undefined));
      if (messages.length > 0) await this.#store(mergedContent(alive), messages, parts);
      else {
        this.#stored = this.#stored.filter((each) => !parts.includes(each));
        for (const part of parts) await this.#remove(part);
      }
    } catch (error) {
      if (!(error instanceof DamagedSegment)) throw error;
      for (const part of parts) await this.#lose(part, error);
    } finally {
      use(parts, -1);
      await this.#closeReplaced(parts);
    }
  }

  #forgetRemoved(parts: readonly Part[]): void {
    for (const { messages } of parts) {
      for (const [doc, message] of messages.entries()) {
        const isStored = message !== undefined && this.#options.message(message.id) === message;
        if (!isStored) messages[doc] = undefined;
      }
    }
  }

  /**
   * Counts the removed messages in each stored segment. A segment with too many removed messages is written
   * again without them.
   */
  async #sweep(): Promise<void> {
    this.#removed = 0;
    for (const part of this.#stored) {
      this.#forgetRemoved([part]);
      if (this.#slice.over) await this.#slice.rest();
      const removed = part.messages.reduce((sum, message) => sum + (message === undefined ? 1 : 0), 0);
      if (removed > MANY_REMOVED * part.segment.size) await this.#merge([part]);
    }
  }

  // This section of the file removes and closes segments.

  /**
   * Removes a stored segment that cannot be read, and adds its messages to the messages that wait to be
   * indexed.
   */
  async #lose(part: StoredPart, reason: unknown): Promise<void> {
    if (part.replaced) return;
    if (!(reason instanceof DroppedSegment)) this.#options.report(lostLine(reason));
    this.#stored = this.#stored.filter((each) => each !== part);
    for (const message of part.messages) {
      if (message === undefined) continue;
      this.#indexed.delete(message.indexNumber);
      message.indexNumber = NOT_INDEXED;
      this.#waiting.push(message.id);
    }
    await this.#remove(part);
    this.#schedule();
  }

  async #remove(part: StoredPart): Promise<void> {
    part.replaced = true;
    await this.#closeReplaced([part]);
    if (this.#options.home.isWritable) await this.#options.home.remove(part.name).catch(() => undefined);
  }

  async #closeReplaced(parts: readonly StoredPart[]): Promise<void> {
    for (const { segment, replaced, users } of parts) if (replaced && users === 0) await segment.close();
  }

  #dropUnused(): void {
    for (const { segment } of this.#stored) segment.dropUnused();
    if (this.#timer !== undefined) return;
    if (this.#spareStream !== undefined) release(this.#spareStream);
    this.#spareStream = undefined;
    this.#sortingSpace?.release();
    this.#sortingSpace = undefined;
    if (this.#isAtRest()) this.#schedule();
  }
}

function use(parts: readonly Part[], change: 1 | -1): void {
  for (const part of parts) part.users += change;
}

const lostLine = (reason: unknown): string =>
  `A part of the search index is lost and made again: ${reason instanceof Error ? reason.message : String(reason)}`;
