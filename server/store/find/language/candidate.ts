/** A message that the matcher compares with a query, with its flags in one account's INBOX. */
import type { MailAddress } from '../../../message/address.ts';
import type { Query } from './ast.ts';
import type { SearchedField } from './searched.ts';

/** The fields of a message's summary that the terms of a query refer to (see `MessageSummary`). */
export interface SearchedSummary {
  readonly id: string;
  readonly receivedAt: number;
  readonly size: number;
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  readonly messageId: string | null;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly user: string | null;
  readonly tags: readonly string[];
  readonly attachments: number;
  readonly hasHtml: boolean;
  readonly preview: string;
}

/** The fields of a summary that terms need without the other fields. */
export type SearchedFacts = Pick<SearchedSummary, 'receivedAt' | 'size' | 'tags'>;

/** A message to be matched. Its methods may read the raw file, so the matcher calls them last and only if needed. */
export interface Candidate {
  readonly summary: SearchedSummary;
  /** Facts that are in memory while the summary may have to be read. */
  readonly facts?: SearchedFacts;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly SearchedField[];
  /** Returns the folded text of the message, including the names of attachments. */
  foldedText(): string;
  filenames(): readonly string[];
  /** Whether the message matches a term, if that is known without the message; otherwise `undefined`. */
  known?(term: Query): boolean | undefined;
}

/** Returns the facts of a candidate. Reads the summary only if it must. */
export const factsOf = (candidate: Candidate): SearchedFacts => candidate.facts ?? candidate.summary;
