/** Tests whether stored messages match a query: synchronously if that is fast, otherwise in time slices. */
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
   * The time slice that all calls for single messages share. A thousand such calls may run at the same time;
   * with separate slices, they could block the event loop one after the other.
   */
  readonly #turn = new SharedSlice();

  /**
   * Creates a matcher for the messages of one store.
   * @param isStored function that returns whether a message is still in the store
   */
  constructor(reader: MessageReader, searchables: Searchables, isStored: (record: MessageRecord) => boolean) {
    this.#reader = reader;
    this.#searchables = searchables;
    this.#isStored = isStored;
  }

  /**
   * Returns whether a message matches a query, without waiting. Returns `undefined` if the test may take too
   * long; the caller must then use `inSlices`.
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

  /**
   * Returns whether a single message matches a query. Simultaneous calls for the same message read its
   * content only once.
   */
  async one(query: Query, placement: PlacementState): Promise<boolean> {
    if (query.kind === 'all') return true;
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return false;
    await this.#turn.take();
    return isHeavy(query, placement.record.size)
      ? matchesInSlices(query, candidate, new TimeSlice())
      : matches(query, candidate);
  }

  /**
   * Returns the terms of a query that a single message does not match; an empty array if the message matches
   * the query.
   */
  async explain(query: Query, placement: PlacementState): Promise<readonly Mismatch[]> {
    const candidate = await this.#candidate(query, placement);
    if (candidate === undefined) return [];
    await this.#turn.take();
    return mismatches(query, candidate, new TimeSlice());
  }

  /**
   * Returns the message in the form that the matcher reads; `undefined` if the message was removed in the
   * meantime. The summary is read now, so that the message can be matched even if it is removed later.
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
