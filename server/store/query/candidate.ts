/** A message as the matcher sees it: as one account's INBOX shows it. */
import type { MessageSummary } from '../store.ts';
import type { SearchedField } from './searched.ts';

/** The methods may read the raw file, so the matcher calls them last and only if needed. */
export interface Candidate {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly SearchedField[];
  /** The decoded text that a search looks through, the names of files in it, folded. */
  foldedText(): string;
  filenames(): readonly string[];
}
