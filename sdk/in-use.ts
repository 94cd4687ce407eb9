/**
 * Reports the inboxes that a test uses, and the failures of their waits, to the integration with the test
 * runner. The integration saves the mail of a failed test.
 */
import type { Summary, TranscriptLine } from '../contract/index.ts';

/** The properties of an inbox that are needed to save the mail of a failed test. */
export interface UsedInbox {
  readonly address: string;
  /** The URL of the inbox in the web UI. */
  readonly url: string;
  list(): Promise<Summary[]>;
  message(id: string): Promise<{ raw(): Promise<Uint8Array>; transcript(): Promise<TranscriptLine[]> }>;
}

export interface InboxObserver {
  used(inbox: UsedInbox): void;
  /**
   * The function that is called after a wait for mail has failed. The wait rejects when the returned promise
   * has resolved, so that the mail can be saved before the test removes the inbox.
   */
  failed(inbox: UsedInbox, error: unknown): Promise<void>;
}

let observer: InboxObserver | null = null;

export function observeInboxes(wanted: InboxObserver): void {
  observer = wanted;
}

export const noteUse = (inbox: UsedInbox): void => observer?.used(inbox);

/**
 * Reports a failed wait to the integration with the test runner. The wait rejects only after the returned
 * promise has resolved.
 */
export const noteFailure = async (inbox: UsedInbox, error: unknown): Promise<void> =>
  observer?.failed(inbox, error);
