/**
 * The store's change feed, divided by mailbox: one subscription to the feed serves all sessions, and a change
 * is passed only to those sessions that have selected the changed mailbox.
 */
import type { Change, ChangeFeed } from '../../store/changes.ts';
import type { MailboxId } from '../../store/ids.ts';

type Listener = (change: Change) => void;

export class MailboxFeed {
  readonly #listeners = new Map<MailboxId, Set<Listener>>();
  readonly #unsubscribe: () => void;

  constructor(changes: Pick<ChangeFeed, 'subscribe'>) {
    this.#unsubscribe = changes.subscribe((change) => {
      // The change that removes an account also removes all its mailboxes but does not list them; therefore it is
      // passed to all sessions.
      const mailboxes = change.kind === 'account-removed' ? this.#listeners.keys() : mailboxesOf(change);
      for (const mailbox of mailboxes) {
        for (const listener of this.#listeners.get(mailbox) ?? []) listener(change);
      }
    });
  }

  /** Calls `listener` for every change to the mailbox; the returned function ends this subscription. */
  watch(mailbox: MailboxId, listener: Listener): () => void {
    const listeners = this.#listeners.get(mailbox) ?? new Set();
    this.#listeners.set(mailbox, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(mailbox) === listeners) this.#listeners.delete(mailbox);
    };
  }

  close(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }
}

function mailboxesOf(change: Change): Iterable<MailboxId> {
  if ('places' in change) return new Set(change.places.map(({ mailbox }) => mailbox));
  if ('place' in change) return [change.place.mailbox];
  return 'mailbox' in change ? [change.mailbox] : [];
}
