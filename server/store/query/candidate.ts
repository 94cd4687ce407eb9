/** What the matcher is given: a message as one account's INBOX shows it. */
import type { HeaderField } from '../../message/structure.ts';
import type { MessageSummary } from '../store.ts';

/** The calls may read the raw file, so they are made last and only if needed. */
export interface Candidate {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly HeaderField[];
  /** The decoded text that a search looks through, the names of files in it, folded. */
  foldedText(): string;
  filenames(): readonly string[];
}
