/** Matches single messages with queries by the matcher of the query language. */
import { SharedSlice, TimeSlice } from '../../async/time-slice.ts';
import type { Query } from '../find/language/ast.ts';
import type { Candidate } from '../find/language/candidate.ts';
import { isHeavy, matches, matchesInSlices, readsBytes } from '../find/language/match.ts';
import { mismatches, type Mismatch } from '../find/language/mismatch.ts';
import type { Searchable } from '../find/language/searched.ts';
import { NOTHING_TO_SEARCH } from '../find/pages/searchable.ts';
import type { Searchables } from '../find/pages/searchables.ts';
import { listedOf, type ListedRow } from './summaries.ts';

export class PostgresMatcher {
  readonly #searchables: Searchables;
  /**
   * Limits the time for which all concurrent calls together occupy the event loop, because a thousand calls may
   * run at the same time.
   */
  readonly #turn = new SharedSlice();

  constructor(searchables: Searchables) {
    this.#searchables = searchables;
  }

  async matches(query: Query, row: ListedRow): Promise<boolean> {
    if (query.kind === 'all') return true;
    const candidate = await this.#candidate(query, row);
    await this.#turn.take();
    return isHeavy(query, candidate.summary.size)
      ? matchesInSlices(query, candidate, new TimeSlice())
      : matches(query, candidate);
  }

  /** Returns the terms of the query that the message fails; an empty array if it matches. */
  async explain(query: Query, row: ListedRow): Promise<readonly Mismatch[]> {
    const candidate = await this.#candidate(query, row);
    await this.#turn.take();
    return mismatches(query, candidate, new TimeSlice());
  }

  async #candidate(query: Query, row: ListedRow): Promise<Candidate> {
    const { summary, seen, flagged } = listedOf(row);
    const content: Searchable = readsBytes(query) ? await this.#searchables.of(summary) : NOTHING_TO_SEARCH;
    return {
      summary,
      seen,
      flagged,
      headers: () => content.headers,
      foldedText: () => content.text,
      filenames: () => content.filenames,
    };
  }
}
