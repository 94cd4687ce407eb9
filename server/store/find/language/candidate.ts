/**
 * The form in which the matcher reads a message that it compares with a query: its summary, its content, and its
 * flags in one account's INBOX.
 */
import type { MessageDigest } from '../../../message/summary.ts';
import type { Query } from './ast.ts';
import type { SearchedField } from './searched.ts';

/** The fields of a message's summary that the terms of a query refer to (see `MessageSummary`). */
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

/** The summary fields that the store holds in memory, which terms can test without reading the rest of the summary. */
export type SearchedFacts = Pick<SearchedSummary, 'receivedAt' | 'size' | 'tags'>;

/** A message to be matched. Its methods may read the raw file, so the matcher calls them last and only if needed. */
export interface Candidate {
  readonly summary: SearchedSummary;
  /** The summary fields that are in memory; absent if only the whole summary is available. */
  readonly facts?: SearchedFacts;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly SearchedField[];
  /** Returns the folded text of the message, including the names of attachments. */
  foldedText(): string;
  filenames(): readonly string[];
  /** Whether the message matches a term; `undefined` if this is not known without reading the message. */
  known?(term: Query): boolean | undefined;
}

/** Returns the time of receipt, size and tags of a message. Reads the summary only if they are not in memory. */
export const factsOf = (candidate: Candidate): SearchedFacts => candidate.facts ?? candidate.summary;
