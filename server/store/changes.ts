/**
 * The changes of the store: one union type of all changes, numbered in commit order. IMAP IDLE, WebSocket, SSE,
 * waiting API calls, webhooks and the UI all use this feed; changes are published in no other way. A change is
 * published after it is committed, never before.
 */
import type { AccountName, MailboxId, MessageId, Seq, Uid } from './ids.ts';

/** The place of a message in a mailbox: the account, the mailbox and the UID of the message there. */
export interface Place {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
}

/**
 * A message was captured, imported or appended. `places` lists every mailbox that received the message, and
 * the UID of the message in that mailbox.
 */
export interface MessageAdded {
  readonly kind: 'message-added';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly places: readonly Place[];
}

/**
 * A message was deleted from every mailbox. `places` lists the mailboxes that last contained the message, and
 * its UID in each of them.
 */
export interface MessageRemoved {
  readonly kind: 'message-removed';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly places: readonly Place[];
  readonly reason: 'deleted' | 'retention' | 'account-removed';
}

/** An existing message was added to another mailbox: by COPY, as the target of MOVE, or by `deliverTo`. */
export interface Placed {
  readonly kind: 'placed';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly place: Place;
}

/** A message was removed from one mailbox, but is still in other mailboxes. */
export interface Expunged {
  readonly kind: 'expunged';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly place: Place;
}

/** The flags of a message in one mailbox changed; `flags` is the complete new set. */
export interface Flagged {
  readonly kind: 'flagged';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly place: Place;
  readonly flags: readonly string[];
}

/** The tags of a message changed; `tags` is the complete new set, sorted. */
export interface Tagged {
  readonly kind: 'tagged';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly tags: readonly string[];
}

/**
 * A note of a message changed. Notes are data that the server attaches to a message, for example the results
 * of checks (see `Messages.annotate`).
 */
export interface Annotated {
  readonly kind: 'annotated';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly key: string;
}

export interface AccountChanged {
  readonly kind: 'account-added' | 'account-changed' | 'account-removed';
  readonly seq: Seq;
  readonly account: AccountName;
}

export interface MailboxChanged {
  readonly kind: 'mailbox-added' | 'mailbox-renamed' | 'mailbox-changed' | 'mailbox-removed';
  readonly seq: Seq;
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly name: string;
}

/** A record with a key was set or deleted: a rule, a delivery or a setting (see `Records`). */
export interface RecordChanged {
  readonly kind: 'record';
  readonly seq: Seq;
  readonly collection: string;
  readonly key: string;
  readonly removed: boolean;
}

export type Change =
  | MessageAdded
  | MessageRemoved
  | Placed
  | Expunged
  | Flagged
  | Tagged
  | Annotated
  | AccountChanged
  | MailboxChanged
  | RecordChanged;

/**
 * The feed of all changes of the store. Listeners are called synchronously in commit order and must not throw
 * or block.
 */
export interface ChangeFeed {
  /** Number of the last committed change; 0 in an empty store. */
  readonly seq: Seq;
  /** Calls `listener` for every later change; returns a function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void;
  /**
   * Returns every change after the change number `seq`, oldest first; `undefined` when some of these changes are no
   * longer in the feed.
   */
  since(seq: Seq): readonly Change[] | undefined;
  /**
   * Resolves when the listeners were called for every change that any server committed before this call; with `seq`,
   * at once if they were called for this change number, which a client may have got from another server.
   */
  caughtUp(seq?: Seq): Promise<void>;
}
