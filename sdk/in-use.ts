/**
 * Reports the inboxes that a test uses, and the failures of their waits, to the integration with the test runner, which
 * keeps the mail of a failed test.
 */
import type { Summary, TranscriptLine } from '../contract/index.ts';

/** The part of an inbox that the evidence of a failed test needs. */
export interface UsedInbox {
  readonly address: string;
  list(): Promise<Summary[]>;
  message(id: string): Promise<{ raw(): Promise<Uint8Array>; transcript(): Promise<TranscriptLine[]> }>;
}

export interface InboxObserver {
  used(inbox: UsedInbox): void;
  /** Resolves when the mail is kept: the test may remove its inbox after the failure. */
  failed(inbox: UsedInbox, error: unknown): Promise<void>;
}

let observer: InboxObserver | null = null;

export function observeInboxes(wanted: InboxObserver): void {
  observer = wanted;
}

export const noteUse = (inbox: UsedInbox): void => observer?.used(inbox);

/** Reports a failed wait. The wait rejects when the returned promise resolves. */
export const noteFailure = async (inbox: UsedInbox, error: unknown): Promise<void> =>
  observer?.failed(inbox, error);
