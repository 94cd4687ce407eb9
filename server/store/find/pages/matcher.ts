/** Matches stored messages with queries: synchronously if that is fast, otherwise in time slices. */
import type { Answers } from '../index/answers.ts';
import type { Query } from '../language/ast.ts';
import { isHeavy, matches, matchesInSlices, readsBytes } from '../language/match.ts';
import { mismatches, type Mismatch } from '../language/mismatch.ts';
import type { MessageRecord, PlacementState } from '../../model/mail.ts';
import { SharedSlice, TimeSlice } from '../../../async/time-slice.ts';
import { MessageCandidate, type Known, type MessageReader } from './candidate.ts';
import type { Searchables } from './searchables.ts';

const knownBy = (answers: Answers | undefined): Known | undefined =>
  answers && ((term, { indexNumber }) => answers.known(term, indexNumber));

export class Matcher {
  readonly #reader: MessageReader;
  readonly #searchables: Searchables;
  readonly #isStored: (record: MessageRecord) => boolean;
  /**
   * The time slice that all calls for single messages share, because a thousand such calls may run at the same
   * time.
   */
  readonly #turn = new SharedSlice();

  /** @param isStored returns whether a message is still in the store */
  constructor(reader: MessageReader, searchables: Searchables, isStored: (record: MessageRecord) => boolean) {
    this.#reader = reader;
    this.#searchables = searchables;
    this.#isStored = isStored;
  }

  /**
   * Matches a message synchronously. Returns `undefined` if the match may take too long; the caller must then use
   * `inSlices`.
   * @param answers the answers of the search index to the query
   */
  atOnce(query: Query, placement: PlacementState, answers?: Answers): boolean | undefined {
    const { record } = placement;
    const isDecided = answers?.decides(record.indexNumber) === true;
    if (!isDecided && isHeavy(query, record.size)) return undefined;
    return matches(query, new MessageCandidate(record, placement, this.#reader, { known: knownBy(answers) }));
  }

  async inSlices(
    query: Query,
    placement: PlacementState,
    slice: TimeSlice,
    answers?: Answers,
  ): Promise<boolean> {
    const candidate = await this.#candidate(query, placement, answers);
    return candidate !== undefined && (await matchesInSlices(query, candidate, slice));
  }

  /** Matches a single message. All calls for the same message at the same time share the content that is read. */
  async one(query: Query, placement: PlacementState): Promise<boolean> {
    if (query.kind === 'all') return true;
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return false;
    await this.#turn.take();
    return isHeavy(query, placement.record.size)
      ? matchesInSlices(query, candidate, new TimeSlice())
      : matches(query, candidate);
  }

  /** Returns the terms of the query that a single message fails; an empty array if the message matches. */
  async explain(query: Query, placement: PlacementState): Promise<readonly Mismatch[]> {
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return [];
    await this.#turn.take();
    return mismatches(query, candidate, new TimeSlice());
  }

  /**
   * Returns the message in the form that the matcher reads; `undefined` if the message was removed in the meantime.
   * The summary is read at once, so that a later removal has no effect.
   */
  async #candidate(
    query: Query,
    placement: PlacementState,
    answers?: Answers,
  ): Promise<MessageCandidate | undefined> {
    const { record } = placement;
    const searchable = readsBytes(query) ? await this.#searchables.of(record) : undefined;
    if (!this.#isStored(record)) return undefined;
    const candidate = new MessageCandidate(record, placement, this.#reader, {
      searchable,
      known: knownBy(answers),
    });
    candidate.readSummary();
    return candidate;
  }
}
