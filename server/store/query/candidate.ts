/** A message as the matcher sees it: as one account's INBOX shows it. */
import type { MessageSummary } from '../store.ts';

/** A header field as searches see it. */
export interface SearchedField {
  /** In lower case. */
  readonly name: string;
  /** Decoded. */
  readonly value: string;
  /** The value as it is compared. */
  readonly folded: string;
}

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
