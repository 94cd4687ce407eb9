/**
 * The changes of the store: one union type, numbered, in commit order. IMAP IDLE, WebSocket, SSE, waits, webhooks
 * and the UI all use this feed; there is no other broadcast. A change is published after it is committed, never
 * before.
 */
import type { AccountName, MailboxId, MessageId, Seq, Uid } from './ids.ts';

/** A placement of a message: account, mailbox and UID. */
export interface Place {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
}

/** A message was captured, imported or appended; `places` are all its first placements. */
export interface MessageAdded {
  readonly kind: 'message-added';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly places: readonly Place[];
}

/** A message was deleted from every mailbox; `places` are its last placements. */
export interface MessageRemoved {
  readonly kind: 'message-removed';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly places: readonly Place[];
  readonly reason: 'deleted' | 'retention' | 'account-removed';
}

/** An existing message received another placement (by COPY, the target of MOVE, or deliverTo). */
export interface Placed {
  readonly kind: 'placed';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly place: Place;
}

/** A placement was removed while the message still has other placements. */
export interface Expunged {
  readonly kind: 'expunged';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly place: Place;
}

/** The flags of a placement changed; `flags` is the complete new set. */
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

/** A note of a message changed: check results, rule hits, findings (see `Messages.annotate`). */
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

/** A keyed record changed (rules, deliveries, settings: see `Records`). */
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

/** The change feed. Listeners are called synchronously in commit order and must not throw or block. */
export interface ChangeFeed {
  /** Seq of the last committed change; 0 in an empty store. */
  readonly seq: Seq;
  /** Calls `listener` for every change from now on; returns the function that unsubscribes it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Returns every change after `seq`, oldest first; `undefined` when the feed does not reach back that far. */
  since(seq: Seq): readonly Change[] | undefined;
}
