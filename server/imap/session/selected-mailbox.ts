/**
 * The selected mailbox of a session. Stores the session's view of the messages, updates the view with the changes
 * of the store, and reports the changes to the client.
 */
import type { Change } from '../../store/changes.ts';
import type { AccountName, MailboxId, Seq, Uid } from '../../store/ids.ts';
import { isTemporary, type MailboxInfo, type Placement } from '../../store/store.ts';
import { list } from '../wire/encoder.ts';
import { CUSTOM_KEYWORDS, SYSTEM_FLAGS } from '../message/flags.ts';
import { Pace } from './pace.ts';
import { flagsResponse } from '../message/fetch-response.ts';
import { bad, no, type ResponseCode, type StatusKind } from '../wire/response.ts';
import { SelectedView, type FlagReport, type Update } from './view.ts';
import {
  exceeds,
  formatSet,
  indexesOf,
  spansOfIndexes,
  spansOfSequence,
  spansOfUids,
  type IndexSpan,
  type MessageSet,
} from '../wire/sequence-set.ts';
import type { ImapDeps } from './deps.ts';

/** The properties of the session that its selected mailbox uses. */
interface Client {
  readonly enabled: { has(extension: 'CONDSTORE' | 'QRESYNC'): boolean };
  readonly rev2: boolean;
  send(line: string): void;
  status(kind: StatusKind, code: ResponseCode | null, text: string): void;
}

interface Selection {
  readonly account: AccountName;
  readonly name: string;
  readonly readOnly: boolean;
}

type Deps = Pick<ImapDeps, 'store' | 'feed'>;

export class SelectedMailbox {
  /** State of the mailbox when it was selected: id and UIDVALIDITY remain valid, message counts do not. */
  readonly info: MailboxInfo;
  readonly readOnly: boolean;
  readonly view: SelectedView;
  /** Saved result of the last search (RFC 5182). */
  saved: readonly Uid[] = [];
  onChange: (() => void) | null = null;
  readonly #store: Deps['store'];
  readonly #client: Client;
  readonly #unwatch: () => void;
  /** Keywords that were announced to the client, by their name in lower case. */
  readonly #keywords = new Map<string, string>();

  private constructor(client: Client, { store, feed }: Deps, info: MailboxInfo, readOnly: boolean) {
    this.#store = store;
    this.#client = client;
    this.info = info;
    this.readOnly = readOnly;
    this.view = new SelectedView(info.id);
    this.#unwatch = feed.watch(info.id, (change) => this.#receive(change));
    for (const keyword of CUSTOM_KEYWORDS) this.#keywords.set(keyword.toLowerCase(), keyword);
  }

  /**
   * Opens a mailbox. Subscribes to changes before it reads the messages, so that no change is missed.
   *
   * @throws Status NO if the mailbox does not exist
   */
  static async open(
    client: Client,
    deps: Deps,
    { account, name, readOnly }: Selection,
  ): Promise<SelectedMailbox> {
    const { store } = deps;
    const info = await store.mailboxes.find(account, name);
    if (info === undefined) throw no('NONEXISTENT', 'No such mailbox');
    const mailbox = new SelectedMailbox(client, deps, info, readOnly);
    try {
      const placements = await store.placements.list(info.id);
      mailbox.view.snapshot(placements);
      mailbox.#learn(placements);
      await mailbox.#claimRecent();
      return mailbox;
    } catch (error) {
      mailbox.close();
      throw error;
    }
  }

  get id(): MailboxId {
    return this.info.id;
  }

  close(): void {
    this.#unwatch();
  }

  /** Flags for the FLAGS response: system flags and the keywords that were announced. */
  get flags(): string[] {
    return [...SYSTEM_FLAGS, ...this.#keywords.values()];
  }

  /**
   * Loads the placements (UID, flags, MODSEQ) that the view does not have yet. Commands that read messages call
   * this method first.
   */
  async load(): Promise<void> {
    const since = this.view.unloadedSince;
    if (since === null) return;
    this.reportKeywords(this.view.load(await this.#store.placements.list(this.id, since)));
  }

  /**
   * Returns the indexes of the messages that a command names, ascending.
   * @param beyond `strict` if a sequence number above the number of messages is an error (RFC 9051 §9, seq-number)
   * @throws Status BAD for such a sequence number if `beyond` is `strict`
   */
  indexes(set: MessageSet, beyond: 'strict' | 'lenient' = 'strict'): number[] {
    return indexesOf(this.spans(set, beyond));
  }

  /** Returns the messages that a command names as ranges of indexes, ascending; see `indexes`. */
  spans(set: MessageSet, beyond: 'strict' | 'lenient' = 'strict'): IndexSpan[] {
    if (set.kind === 'uid') return spansOfUids(set, this.view);
    if (set.kind === 'saved')
      return spansOfIndexes(this.saved.map((uid) => this.view.indexOf(uid)).filter((at) => at !== -1));
    if (beyond === 'strict' && exceeds(set, this.view.size))
      throw bad('There is no message with that sequence number');
    return spansOfSequence(set, this.view.size);
  }

  /** Returns the messages that a command names, except those that were expunged before their data was loaded. */
  async messages(set: MessageSet): Promise<Placement[]> {
    await this.load();
    return this.indexes(set).flatMap((index) => this.view.at(index) ?? []);
  }

  /** Returns the flags of a message as the client sees them, including `\Recent`. */
  flagsOf(placement: Pick<Placement, 'uid' | 'flags'>): readonly string[] {
    return this.view.isRecent(placement.uid) && !this.#client.rev2
      ? [...placement.flags, '\\Recent']
      : placement.flags;
  }

  /**
   * Reports the changes since the last report; expunged messages only if `expunge` is set. Does not wait for
   * the client.
   */
  async reportChanges(expunge: boolean): Promise<void> {
    if (!this.view.pending) return;
    const updates = this.view.drain(expunge);
    const gone = updates.flatMap((update) => (update.kind === 'expunge' ? [update.uid] : []));
    if (gone.length > 0) {
      const lost = new Set(gone);
      this.saved = this.saved.filter((uid) => !lost.has(uid));
      if (this.#client.enabled.has('QRESYNC')) this.#client.send(`* VANISHED ${formatSet(gone)}`);
    }
    this.reportKeywords(updates.filter((update) => update.kind === 'flags'));
    const pace = new Pace();
    for (const update of updates) {
      await this.#report(update);
      if (pace.due) await pace.rest();
    }
  }

  /**
   * Reports messages that were expunged after the mod-sequence `since`, except those for which `isKnown` returns
   * true. If the store no longer has the record of all expunges since then, all UIDs without a message are
   * reported (RFC 7162 §3.2.6).
   */
  async reportVanished(since: Seq, isKnown: (uid: Uid) => boolean): Promise<void> {
    const gone = await this.#store.placements.expungedSince(this.id, since);
    const vanished = (gone ?? this.view.missingUids(this.info.uidNext)).filter(isKnown);
    if (vanished.length > 0) this.#client.send(`* VANISHED (EARLIER) ${formatSet(vanished)}`);
  }

  /**
   * Reports the mod-sequence that the mailbox had when it was selected: a client that asks for later changes
   * then misses none.
   */
  reportHighestModseq(): void {
    this.#client.status('OK', `HIGHESTMODSEQ ${Math.max(1, this.info.highestModseq)}`, 'Highest');
  }

  /** Announces new keywords to the client, before they are sent as flags of a message. */
  reportKeywords(messages: Iterable<{ readonly flags: readonly string[] }>): void {
    if (!this.#learn(messages)) return;
    this.#client.send(`* FLAGS ${list(this.flags)}`);
    if (!this.readOnly)
      this.#client.status('OK', `PERMANENTFLAGS ${list([...this.flags, '\\*'])}`, 'New keywords');
  }

  /**
   * Sends FETCH responses with flags, and with the data that the enabled extensions add. @param uid whether to
   * send the UID
   */
  async reportFlags(reports: Iterable<FlagReport>, { uid }: { readonly uid: boolean }): Promise<void> {
    const pace = new Pace();
    for (const report of reports) {
      this.#reportFlags(report, uid);
      if (pace.due) await pace.rest();
    }
  }

  #reportFlags({ number, uid, modseq, flags }: FlagReport, withUid: boolean): void {
    const { enabled } = this.#client;
    const response = flagsResponse(number, {
      uid: withUid || enabled.has('QRESYNC') ? uid : null,
      modseq: enabled.has('CONDSTORE') ? modseq : null,
      flags: flags === null ? null : this.flagsOf({ uid, flags }),
    });
    if (response !== null) this.#client.send(response);
  }

  async #report(update: Update): Promise<void> {
    const client = this.#client;
    switch (update.kind) {
      case 'expunge':
        if (!client.enabled.has('QRESYNC')) client.send(`* ${update.number} EXPUNGE`);
        break;
      case 'exists':
        await this.#claimRecentIfPossible();
        client.send(`* ${update.count} EXISTS`);
        if (!client.rev2) client.send(`* ${this.view.recentCount} RECENT`);
        break;
      case 'flags':
        this.#reportFlags(update, true);
        break;
    }
  }

  /**
   * Determines which new messages are recent in this session. With EXAMINE they remain recent for the next
   * session (RFC 3501 §6.3.2).
   */
  async #claimRecent(): Promise<void> {
    const store = this.#store;
    const info = await store.mailboxes.get(this.id);
    // If the store has no recent messages in the mailbox, another session has already claimed the new messages. The
    // store is not called again, because a thousand sessions may receive the same new message.
    if (info === undefined || info.recent === 0) return;
    this.view.claimRecent(this.readOnly ? info.recentFrom : await store.mailboxes.claimRecent(this.id));
  }

  /**
   * Determines which new messages are recent, unless the store cannot be read at the moment. The client must be
   * notified of new messages in any case: the view already contains them.
   */
  async #claimRecentIfPossible(): Promise<void> {
    try {
      await this.#claimRecent();
    } catch (error) {
      if (!isTemporary(error)) throw error;
    }
  }

  /** Adds keywords to those that the client knows. @returns whether there were new keywords */
  #learn(messages: Iterable<{ readonly flags: readonly string[] }>): boolean {
    const before = this.#keywords.size;
    for (const { flags } of messages) {
      for (const flag of flags) {
        if (!flag.startsWith('\\') && !this.#keywords.has(flag.toLowerCase())) {
          this.#keywords.set(flag.toLowerCase(), flag);
        }
      }
    }
    return this.#keywords.size > before;
  }

  #receive(change: Change): void {
    if (change.kind === 'account-removed') {
      if (change.account !== this.info.account) return;
      this.view.markRemoved();
    }
    this.view.receive(change);
    this.onChange?.();
  }
}
