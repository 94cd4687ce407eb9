/** Matches stored messages with queries: at once where that is quick, in slices otherwise. */
import type { Query } from '../query/ast.ts';
import { isHeavy, matches, matchesInSlices, readsBytes } from '../query/match.ts';
import { mismatches } from '../query/mismatch.ts';
import type { MessageRecord, PlacementState } from '../state/mail.ts';
import type { Mismatch } from '../store.ts';
import { SharedSlice, TimeSlice } from '../time-slice.ts';
import { MessageCandidate, type MessageReader } from './candidate.ts';
import type { Searchables } from './searchables.ts';

export class Matcher {
  readonly #reader: MessageReader;
  readonly #searchables: Searchables;
  readonly #isStored: (record: MessageRecord) => boolean;
  /** Of those who look at single messages: a thousand of them may do so in the same moment. */
  readonly #turn = new SharedSlice();

  /** @param isStored whether a message has not been removed */
  constructor(reader: MessageReader, searchables: Searchables, isStored: (record: MessageRecord) => boolean) {
    this.#reader = reader;
    this.#searchables = searchables;
    this.#isStored = isStored;
  }

  /** For a pass over many messages; `undefined` where it takes `inSlices`. */
  atOnce(query: Query, placement: PlacementState): boolean | undefined {
    const { record } = placement;
    if (isHeavy(query, record.size)) return undefined;
    return matches(query, new MessageCandidate(record, placement, this.#reader));
  }

  async inSlices(query: Query, placement: PlacementState, slice: TimeSlice): Promise<boolean> {
    const candidate = await this.#candidate(query, placement);
    return candidate !== undefined && (await matchesInSlices(query, candidate, slice));
  }

  /** For a single message. What is read of it is shared with all who look at it in the same moment. */
  async one(query: Query, placement: PlacementState): Promise<boolean> {
    if (query.kind === 'all') return true;
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return false;
    await this.#turn.take();
    return isHeavy(query, placement.record.size)
      ? matchesInSlices(query, candidate, new TimeSlice())
      : matches(query, candidate);
  }

  /** Which terms a single message fails; empty when it matches. */
  async explain(query: Query, placement: PlacementState): Promise<readonly Mismatch[]> {
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return [];
    await this.#turn.take();
    return mismatches(query, candidate, new TimeSlice());
  }

  /** `undefined` when the message was removed meanwhile. The summary is read at once: a later removal does no harm. */
  async #candidate(query: Query, placement: PlacementState): Promise<MessageCandidate | undefined> {
    const { record } = placement;
    const searchable = readsBytes(query) ? await this.#searchables.of(record) : undefined;
    if (!this.#isStored(record)) return undefined;
    const candidate = new MessageCandidate(record, placement, this.#reader, searchable);
    candidate.readSummary();
    return candidate;
  }
}
