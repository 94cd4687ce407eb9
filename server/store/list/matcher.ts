/** Matches stored messages with queries: at once where that is quick, in slices otherwise. */
import type { Query } from '../query/ast.ts';
import { isHeavy, matches, matchesInSlices, readsBytes } from '../query/match.ts';
import { mismatches } from '../query/mismatch.ts';
import type { PlacementState } from '../state/placement.ts';
import type { Mismatch } from '../store.ts';
import { SharedSlice, TimeSlice } from '../time-slice.ts';
import { MessageCandidate, type MessageReader } from './candidate.ts';
import type { Searchables } from './searchables.ts';

export class Matcher {
  readonly #reader: MessageReader;
  readonly #searchables: Searchables;
  /** Of those who look at single messages: a thousand of them may do so in the same moment. */
  readonly #turn = new SharedSlice();

  constructor(reader: MessageReader, searchables: Searchables) {
    this.#reader = reader;
    this.#searchables = searchables;
  }

  /** For a pass over many messages; `undefined` where it takes `inSlices`. */
  atOnce(query: Query, placement: PlacementState): boolean | undefined {
    const { record } = placement;
    if (isHeavy(query, record.size)) return undefined;
    return matches(query, new MessageCandidate(record, placement, this.#reader));
  }

  async inSlices(query: Query, placement: PlacementState, slice: TimeSlice): Promise<boolean> {
    return matchesInSlices(query, await this.#candidate(query, placement), slice);
  }

  /** For a single message. What is read of it is shared with all who look at it in the same moment. */
  async one(query: Query, placement: PlacementState): Promise<boolean> {
    if (query.kind === 'all') return true;
    const candidate = await this.#candidate(query, placement);
    await this.#turn.take();
    return isHeavy(query, placement.record.size)
      ? matchesInSlices(query, candidate, new TimeSlice())
      : matches(query, candidate);
  }

  /** Which terms a single message fails; empty when it matches. */
  async explain(query: Query, placement: PlacementState): Promise<readonly Mismatch[]> {
    const candidate = await this.#candidate(query, placement);
    await this.#turn.take();
    return mismatches(query, candidate, new TimeSlice());
  }

  async #candidate(query: Query, placement: PlacementState): Promise<MessageCandidate> {
    const searchable = readsBytes(query) ? await this.#searchables.of(placement.record) : undefined;
    return new MessageCandidate(placement.record, placement, this.#reader, searchable);
  }
}
