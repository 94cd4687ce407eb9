/** The mailbox a session has selected: its view, kept up with the store's feed, and what the client knows of it. */
import type { Change } from '../../store/changes.ts';
import type { MailboxId, Uid } from '../../store/ids.ts';
import type { MailboxInfo, Placement } from '../../store/store.ts';
import { list } from '../wire/encoder.ts';
import { CUSTOM_KEYWORDS, SYSTEM_FLAGS } from '../message/flags.ts';
import { Pace } from './pace.ts';
import { bad, no } from '../wire/response.ts';
import { SelectedView, type Update } from './view.ts';
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
import type { Session } from './session.ts';

export class SelectedMailbox {
  /** As it was when it was selected: counts grow stale, id and UIDVALIDITY do not. */
  readonly info: MailboxInfo;
  readonly readOnly: boolean;
  readonly view: SelectedView;
  /** Result of the last search that asked to save it (RFC 5182). */
  saved: readonly Uid[] = [];
  onChange: (() => void) | null = null;
  readonly #context: Pick<ImapDeps, 'store' | 'feed'>;
  readonly #client: Pick<Session, 'rev2'>;
  readonly #unwatch: () => void;
  /** Keywords the client was told of, in lower case. */
  readonly #keywords = new Map<string, string>();

  private constructor(session: Session, info: MailboxInfo, readOnly: boolean) {
    const { context } = session;
    this.#context = context;
    this.#client = session;
    this.info = info;
    this.readOnly = readOnly;
    this.view = new SelectedView(info.id);
    this.#unwatch = context.feed.watch(info.id, (change) => this.#receive(change));
    for (const keyword of CUSTOM_KEYWORDS) this.#keywords.set(keyword.toLowerCase(), keyword);
  }

  /** Opens it: listens first and looks then, so that nothing falls between. */
  static async open(session: Session, name: string, readOnly: boolean): Promise<SelectedMailbox> {
    const { store } = session;
    const info = await store.mailbox(session.account, name);
    if (info === undefined) throw no('NONEXISTENT', 'No such mailbox');
    const mailbox = new SelectedMailbox(session, info, readOnly);
    try {
      const placements = await store.placements(info.id);
      mailbox.view.snapshot(placements);
      mailbox.#learn(placements.map(({ flags }) => flags));
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

  /** Flags for the FLAGS response: those of the system and the keywords known here. */
  get flags(): string[] {
    return [...SYSTEM_FLAGS, ...this.#keywords.values()];
  }

  /** Makes sure that every message of the view has its placement. Commands that look at messages begin with it. */
  async load(session: Session): Promise<void> {
    const since = this.view.unloadedSince;
    if (since === null) return;
    const newcomers = this.view.load(await this.#context.store.placements(this.id, since));
    this.tellKeywords(
      session,
      newcomers.map(({ flags }) => flags),
    );
  }

  /**
   * Indexes of the messages that a command names, ascending.
   *
   * @param beyond what to make of a sequence number above the number of messages (RFC 9051 §9, seq-number)
   * @throws Status BAD for one, if strict
   */
  indexes(set: MessageSet, beyond: 'strict' | 'lenient' = 'strict'): number[] {
    return indexesOf(this.spans(set, beyond));
  }

  /** The same as spans of indexes. */
  spans(set: MessageSet, beyond: 'strict' | 'lenient' = 'strict'): IndexSpan[] {
    if (set.kind === 'uid') return spansOfUids(set, this.view);
    if (set.kind === 'saved')
      return spansOfIndexes(this.saved.map((uid) => this.view.indexOf(uid)).filter((at) => at !== -1));
    if (beyond === 'strict' && exceeds(set, this.view.size))
      throw bad('There is no message with that sequence number');
    return spansOfSequence(set, this.view.size);
  }

  /** The messages that a command names, as far as anything is known of them. */
  async messages(session: Session, set: MessageSet): Promise<Placement[]> {
    await this.load(session);
    return this.indexes(set).flatMap((index) => this.view.at(index) ?? []);
  }

  /** Flags of a message as the client sees them. */
  flagsOf(placement: Pick<Placement, 'uid' | 'flags'>): readonly string[] {
    return this.view.isRecent(placement.uid) && !this.#client.rev2
      ? [...placement.flags, '\\Recent']
      : placement.flags;
  }

  /** Writes what changed since the client was last told. */
  async tellChanges(session: Session, expunge: boolean): Promise<void> {
    if (!this.view.pending) return;
    const updates = this.view.drain(expunge);
    const gone = updates.flatMap((update) => (update.kind === 'expunge' ? [update.uid] : []));
    if (gone.length > 0) {
      const lost = new Set(gone);
      this.saved = this.saved.filter((uid) => !lost.has(uid));
      if (session.enabled.has('QRESYNC')) session.send(`* VANISHED ${formatSet(gone)}`);
    }
    this.tellKeywords(
      session,
      updates.map((update) => (update.kind === 'flags' ? update.flags : [])),
    );
    const pace = new Pace();
    for (const update of updates) {
      await this.#tell(session, update);
      if (pace.due) await pace.rest();
    }
  }

  /** Where changes are counted from: what was so when the mailbox was selected, so nothing is missed. */
  tellHighestModseq(session: Session): void {
    session.status('OK', `HIGHESTMODSEQ ${Math.max(1, this.info.highestModseq)}`, 'Highest');
  }

  /** Announces keywords that the client has not heard of, before it sees them on a message. */
  tellKeywords(session: Session, flagSets: Iterable<readonly string[]>): void {
    if (!this.#learn(flagSets)) return;
    session.send(`* FLAGS ${list(this.flags)}`);
    if (!this.readOnly)
      session.status('OK', `PERMANENTFLAGS ${list([...this.flags, '\\*'])}`, 'New keywords');
  }

  async #tell(session: Session, update: Update): Promise<void> {
    switch (update.kind) {
      case 'expunge':
        if (!session.enabled.has('QRESYNC')) session.send(`* ${update.number} EXPUNGE`);
        break;
      case 'exists':
        await this.#claimRecent();
        session.send(`* ${update.count} EXISTS`);
        if (!session.rev2) session.send(`* ${this.view.recentCount} RECENT`);
        break;
      case 'flags': {
        const modseq = session.enabled.has('CONDSTORE') ? ` MODSEQ (${update.modseq})` : '';
        const flags = list(this.flagsOf(update));
        session.send(`* ${update.number} FETCH (UID ${update.uid}${modseq} FLAGS ${flags})`);
        break;
      }
    }
  }

  /** EXAMINE shows as recent what SELECT would, and leaves it recent for the next session (RFC 3501 §6.3.2). */
  async #claimRecent(): Promise<void> {
    const { store } = this.#context;
    const info = await store.mailboxById(this.id);
    // A thousand sessions that hear of one message: the first claims it, and the others cost the store nothing.
    if (info === undefined || info.recent === 0) return;
    this.view.claimRecent(this.readOnly ? info.recentFrom : await store.claimRecent(this.id));
  }

  #learn(flagSets: Iterable<readonly string[]>): boolean {
    const before = this.#keywords.size;
    for (const flags of flagSets) {
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
