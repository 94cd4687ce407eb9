/**
 * Deletes messages, and restores them on request. A deletion takes effect at once for every reader; the data that a
 * restoration needs is kept in memory for a limited time, and only if the caller requests it. Of several servers on one
 * store, the one that deleted the messages restores them, also if another server receives the request.
 */
import { randomUUID } from 'node:crypto';
import { notFound } from '../../contract/problems.ts';
import { TimeSlice } from '../async/time-slice.ts';
import { ALL, type AccountName, type MessageId } from '../store/ids.ts';
import type { MessagePlace, Store, StoredMessage } from '../store/store.ts';
import type { Scope } from './scope.ts';

/**
 * A deleted message: the mailboxes from which it was deleted and, if no mailbox contains it any more, its content.
 */
interface Deleted {
  readonly id: MessageId;
  readonly places: readonly MessagePlace[];
  readonly content: { readonly message: StoredMessage; readonly raw: Buffer } | null;
}

interface Kept {
  readonly account: AccountName;
  readonly deleted: readonly Deleted[];
  readonly octets: number;
  readonly timer: NodeJS.Timeout;
}

export interface DeletionOutcome {
  /** The number of deleted messages. */
  readonly count: number;
  /** The token for `restore`; `null` if the messages are too large to be kept. */
  readonly undo: string | null;
}

export interface Restored {
  readonly id: MessageId;
  /** The id of the message before it was deleted. */
  readonly was: MessageId;
}

/** The maximum number of octets of deleted messages that are kept at a time. */
const MOST_OCTETS = 64 * 1024 * 1024;
/** The maximum number of messages that one deletion keeps in memory for a restoration. */
const MOST_MESSAGES = 20_000;
const PAGE = 1000;
/** The topic with which a server asks the other servers on the same store to undo a deletion. */
const TOPIC = 'undo';

export class Deletion {
  readonly #store: Store;
  readonly #newToken: () => string;
  readonly #mostOctets: number;
  readonly #kept = new Map<string, Kept>();
  readonly #noLongerAnswer: () => void;
  #octets = 0;

  /** @param mostOctets the maximum number of octets of deleted messages that are kept at a time */
  constructor(store: Store, newToken: () => string = randomUUID, mostOctets = MOST_OCTETS) {
    this.#store = store;
    this.#newToken = newToken;
    this.#mostOctets = mostOctets;
    this.#noLongerAnswer = store.nodes.answer<string, readonly Restored[] | null>(TOPIC, (token) =>
      this.#restore(token),
    );
  }

  /** The total size of the deleted messages that are kept now, in octets. */
  get octets(): number {
    return this.#octets;
  }

  /** Deletes messages from an account. @param seconds the time for which the messages can be restored */
  async remove(ids: readonly MessageId[], account: AccountName, seconds: number): Promise<DeletionOutcome> {
    const deleted = await this.#copies(ids, account);
    const count = await this.#store.messages.remove(ids, account);
    return { count, undo: deleted === null ? null : this.#keep(account, deleted, seconds) };
  }

  /**
   * Deletes the messages that `scope` selects by account and query.
   * @param seconds the time for which the messages can be restored
   */
  async removeMatching(scope: Scope, seconds: number): Promise<DeletionOutcome> {
    const ids = await this.#matching(scope);
    if (ids === null) return { count: await this.#store.messages.removeMatching(scope), undo: null };
    return this.remove(ids, scope.account, seconds);
  }

  /**
   * Restores the messages of a deletion, with new UIDs. A message that was deleted from every account gets a new id.
   * Throws if the token is unknown or its time is over.
   */
  async restore(token: string): Promise<readonly Restored[]> {
    const restored = (await this.#restore(token)) ?? (await this.#restoredElsewhere(token));
    if (restored === null) {
      throw notFound('This deletion can no longer be undone: its time is over, or it has been undone');
    }
    return restored;
  }

  /** Asks the other servers to restore the messages; `null` if none of them has the data. */
  async #restoredElsewhere(token: string): Promise<readonly Restored[] | null> {
    const answers = await this.#store.nodes.ask<readonly Restored[] | null>(TOPIC, token);
    return answers.find((answer) => answer !== null) ?? null;
  }

  /** Restores the messages of a deletion; `null` if this server does not have their data. */
  async #restore(token: string): Promise<readonly Restored[] | null> {
    const kept = this.#kept.get(token);
    if (kept === undefined) return null;
    this.#forget(token);
    const restored: Restored[] = [];
    const slice = new TimeSlice();
    for (const deleted of kept.deleted) {
      if (slice.over) await slice.rest();
      const id = await this.#restoreOne(deleted, kept.account);
      if (id !== null) restored.push({ id, was: deleted.id });
    }
    return restored;
  }

  close(): void {
    this.#noLongerAnswer();
    for (const token of [...this.#kept.keys()]) this.#forget(token);
  }

  /** Returns the ids of the matching messages, oldest first; `null` if there are too many of them. */
  async #matching(scope: Scope): Promise<readonly MessageId[] | null> {
    const ids: MessageId[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#store.messages.list({
        ...scope,
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      });
      ids.push(...page.messages.map(({ summary }) => summary.id));
      if (page.total > MOST_MESSAGES || ids.length > MOST_MESSAGES) return null;
      cursor = page.next;
    } while (cursor !== null);
    return ids.reverse();
  }

  /** Returns the data to restore messages, in their order; `null` if the messages are too large. */
  async #copies(ids: readonly MessageId[], account: AccountName): Promise<readonly Deleted[] | null> {
    const { messages } = this.#store;
    const deleted: Deleted[] = [];
    const slice = new TimeSlice();
    let octets = this.#octets;
    for (const id of ids) {
      if (slice.over) await slice.rest();
      const places = await messages.places(id);
      const isLast = account === ALL || places.every((place) => place.account === account && place.isInbox);
      if (!isLast) {
        deleted.push({
          id,
          places: places.filter((place) => place.account === account && place.isInbox),
          content: null,
        });
        continue;
      }
      const message = await messages.get(id);
      octets += message?.size ?? 0;
      if (octets > this.#mostOctets) return null;
      const raw = await messages.raw(id);
      if (message !== undefined && raw !== undefined) deleted.push({ id, places, content: { message, raw } });
    }
    return deleted;
  }

  #keep(account: AccountName, deleted: readonly Deleted[], seconds: number): string {
    const token = this.#newToken();
    const octets = deleted.reduce((sum, { content }) => sum + (content?.raw.length ?? 0), 0);
    const timer = setTimeout(() => this.#forget(token), seconds * 1000).unref();
    this.#kept.set(token, { account, deleted, octets, timer });
    this.#octets += octets;
    return token;
  }

  #forget(token: string): void {
    const kept = this.#kept.get(token);
    if (kept === undefined) return;
    clearTimeout(kept.timer);
    this.#octets -= kept.octets;
    this.#kept.delete(token);
  }

  /** Restores one message; resolves with its id, or with `null` if it was deleted everywhere in the meantime. */
  async #restoreOne({ id, places, content }: Deleted, account: AccountName): Promise<MessageId | null> {
    if (content === null) return (await this.#placeAgain(id, places, account)) ? id : null;
    const { message, raw } = content;
    const targets = [];
    for (const { account: of, mailbox, isInbox, flags } of places) {
      if (isInbox) targets.push({ account: of, flags });
      else if ((await this.#store.mailboxes.get(mailbox)) !== undefined) targets.push({ mailbox, flags });
    }
    const { fullEnvelope: envelope, origin, transcript, findings, tags, notes, receivedAt } = message;
    const added = await this.#store.messages.add({
      ...{ raw, envelope, origin, transcript, findings, tags, notes, receivedAt, targets },
    });
    return added.summary.id;
  }

  /** Puts a message, which other accounts still have, back into the INBOX of an account, with its flags. */
  async #placeAgain(id: MessageId, [lost]: readonly MessagePlace[], account: AccountName): Promise<boolean> {
    const { messages, accounts, mailboxes, placements } = this.#store;
    const from = (await messages.places(id))[0];
    if (from === undefined || lost === undefined) return false;
    // An account that mail created is removed with its last message, so it may have to be created again.
    await accounts.open(account);
    const inbox = await mailboxes.find(account, 'INBOX');
    if (inbox === undefined) return false;
    const { target } = await placements.copy(from.mailbox, [from.uid], inbox.id);
    await placements.setFlags(inbox.id, target, 'replace', lost.flags);
    return true;
  }
}
