/** A message that the matcher compares with a query, with its flags in one account's INBOX. */
import type { MessageSummary } from '../store.ts';
import type { SearchedField } from './searched.ts';

/** A message to be matched. Its methods may read the raw file, so the matcher calls them last and only if needed. */
export interface Candidate {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly SearchedField[];
  /** Returns the folded text of the message, including the names of attachments. */
  foldedText(): string;
  filenames(): readonly string[];
}
