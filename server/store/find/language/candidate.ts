/**
 * Defines the data of a message that the matcher compares with a query: the summary and the content of the
 * message, and its flags in the INBOX of one account.
 */
import type { MessageDigest } from '../../../message/summary.ts';
import type { Query } from './ast.ts';
import type { SearchedField } from './searched.ts';

/** The fields of a message's summary that query terms can test (see `MessageSummary`). */
export interface SearchedSummary extends Omit<MessageDigest, 'date'> {
  readonly id: string;
  /** Time of reception in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Size of the raw message in octets. */
  readonly size: number;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly user: string | null;
  readonly tags: readonly string[];
}

/**
 * The summary fields that are always in memory. A term that tests only these fields does not read the rest of
 * the summary.
 */
export type SearchedFacts = Pick<SearchedSummary, 'receivedAt' | 'size' | 'tags'>;

/**
 * A message that is compared with a query. Its methods may read the raw file of the message, so the matcher
 * calls them last and only if needed.
 */
export interface Candidate {
  readonly summary: SearchedSummary;
  /** The summary fields that are in memory; absent if only the whole summary is available. */
  readonly facts?: SearchedFacts;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly SearchedField[];
  /**
   * Returns the text of the message, including the names of attachments, folded for comparison (see `fold`).
   */
  foldedText(): string;
  filenames(): readonly string[];
  /**
   * Returns whether the message matches a term, if this is known without reading the message; else
   * `undefined`.
   */
  known?(term: Query): boolean | undefined;
}

/**
 * Returns the time of receipt, size and tags of a message. Reads the summary only if these values are not in
 * memory.
 */
export const factsOf = (candidate: Candidate): SearchedFacts => candidate.facts ?? candidate.summary;
