/**
 * The store, whatever its journal: plans a call against the state, writes the plan, applies it, tells its changes,
 * resolves. Calls that change something run one after the other; calls that read see the state between two of them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Adder } from './adder.ts';
import { commit } from './commit.ts';
import { CommitQueue } from './commit-queue.ts';
import { ALL, type AccountName, type MailboxId, type MessageId, type Seq, type Uid } from './ids.ts';
import type { Journal } from './journal.ts';
import { listAccounts } from './list/accounts.ts';
import { list, listedOf } from './list/list.ts';
import { flagOperations, type Marks } from './list/marks.ts';
import { Matcher } from './list/matcher.ts';
import { scan, type Lookup } from './list/scan.ts';
import type { Searchable } from './list/searchable.ts';
import { Searchables } from './list/searchables.ts';
import type { StoreSearch } from './list/store-search.ts';
import { countTags } from './list/tags.ts';
import { createMessageIds } from './message-ids.ts';
import { hasAgeLimit, type Retention, type StoreOptions } from './options.ts';
import * as accounts from './plan/accounts.ts';
import { planAdd } from './plan/add.ts';
import { Preparer } from './prepare/preparer.ts';
import { planFlags } from './plan/flags.ts';
import * as mailboxes from './plan/mailboxes.ts';
import * as messages from './plan/messages.ts';
import { planCopy, planExpunge } from './plan/placements.ts';
import type { Plan } from './plan/plan.ts';
import { exceeds, planSweep } from './plan/retention.ts';
import type { Query } from './query/ast.ts';
import { StoredRecords } from './record-set.ts';
import type { Reports } from './reports.ts';
import { Retainer } from './retainer.ts';
import type { MailboxState } from './state/mailbox-state.ts';
import type { MessageRecord } from './state/message-record.ts';
import type { PlacementState } from './state/placement.ts';
import type { State } from './state/state.ts';
import { SharedSlice } from './time-slice.ts';
import * as api from './store.ts';

/** Messages or placements that one commit of a bulk call touches: a few milliseconds. */
const BULK = 500;

export class StoreEngine implements api.Store {
  readonly #state: State;
  readonly #journal: Journal;
  readonly #clock: () => number;
  readonly #retention: Retention;
  readonly #reports: Reports;
  readonly #queue = new CommitQueue();
  readonly #slice = new SharedSlice();
  readonly #retainer: Retainer;
  readonly #search: StoreSearch;
  readonly #searchables: Searchables;
  readonly #lookup: Lookup;
  readonly #adder: Adder;
  readonly newMessageId: () => MessageId;
  #closing: Promise<void> | undefined;

  constructor(
    state: State,
    journal: Journal,
    options: StoreOptions,
    parts: { reports: Reports; search: StoreSearch },
  ) {
    this.#state = state;
    this.#journal = journal;
    this.#clock = options.clock ?? Date.now;
    this.#retention = options.retention ?? {};
    this.#reports = parts.reports;
    this.#search = parts.search;
    this.#searchables = new Searchables((id) => journal.raw(id), options.threads);
    const isStored = (record: MessageRecord): boolean => state.messages.get(record.id) === record;
    const matcher = new Matcher(journal, this.#searchables, isStored);
    this.#lookup = { matcher, narrow: parts.search.narrow };
    this.newMessageId = createMessageIds(this.#clock, options.random ?? Math.random);
    const preparer = new Preparer({ journal, slice: this.#slice, ...options });
    const world = { newMessageId: this.newMessageId, clock: this.#clock };
    this.#adder = new Adder({ state, journal, preparer, search: parts.search, ...world });
    this.#retainer = new Retainer(() => this.#sweep(), hasAgeLimit(this.#retention));
  }

  /** Makes sure of what every store has; then it may be used. */
  async open(): Promise<this> {
    this.#state.clockSteps.load(this.#state.arrivals.descending(), this.#clock());
    await this.#commit(() => accounts.planAll(this.#state, this.#clock()));
    this.#retainer.kick();
    return this;
  }

  get refusal(): string | null {
    return this.#journal.refusal;
  }

  get changes(): State['ring'] {
    return this.#state.ring;
  }

  // ------------------------------------------------------------------------------------------ messages

  async add(message: api.NewMessage | api.NewMessageFile): Promise<api.AddedMessage> {
    this.#assertOpen();
    const [added] = await this.addAll([message]);
    if (added === undefined) throw new api.StoreError('io', 'The message was not stored');
    return added;
  }

  async addAll(
    messages: readonly (api.NewMessage | api.NewMessageFile)[],
  ): Promise<readonly api.AddedMessage[]> {
    const added = await this.#adder.add(messages, async (prepared) => {
      return this.#commit(() => planAdd(this.#state, prepared, this.#clock(), this.#retention));
    });
    await this.#journal.settled();
    return added;
  }

  async summary(id: MessageId): Promise<api.MessageSummary | undefined> {
    this.#assertOpen();
    const record = this.#state.messages.get(id);
    return record && this.#journal.summary(record);
  }

  async message(id: MessageId): Promise<api.StoredMessage | undefined> {
    this.#assertOpen();
    const record = this.#state.messages.get(id);
    if (record === undefined) return undefined;
    const summary = this.#journal.summary(record);
    const { parameters, ...detail } = await this.#journal.detail(record);
    const to = summary.envelope.to.map((address, i) => ({ address, parameters: parameters.to[i] ?? {} }));
    const from = { address: summary.envelope.from, parameters: parameters.from };
    return { ...summary, fullEnvelope: { from, to }, ...detail };
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    this.#assertOpen();
    return this.#state.messages.has(id) ? this.#journal.raw(id) : undefined;
  }

  async rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    this.#assertOpen();
    return this.#state.messages.has(id) ? this.#journal.rawPart(id, start, end) : undefined;
  }

  async listed(id: MessageId, account: AccountName): Promise<api.ListedMessage | undefined> {
    const placement = this.#listed(id, account);
    return placement && listedOf(placement, this.#journal);
  }

  async list(request: api.ListRequest): Promise<api.MessagePage> {
    this.#assertOpen();
    return list(this.#state, request, this.#journal, this.#lookup);
  }

  async explain(query: Query, id: MessageId, account: AccountName): Promise<readonly api.Mismatch[]> {
    const placement = this.#listed(id, account);
    return placement === undefined ? [] : this.#lookup.matcher.explain(query, placement);
  }

  async matches(query: Query, id: MessageId, account: AccountName): Promise<boolean> {
    const placement = this.#listed(id, account);
    return placement !== undefined && this.#lookup.matcher.one(query, placement);
  }

  async searchable(id: MessageId): Promise<Searchable | undefined> {
    this.#assertOpen();
    const record = this.#state.messages.get(id);
    return record && this.#searchables.of(record);
  }

  async tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq> {
    await this.#inSlices(ids, (slice) => messages.planTags(this.#state, slice, add, remove));
    return this.#state.seq;
  }

  async annotate(id: MessageId, key: string, value: unknown): Promise<void> {
    const text = messages.noteText(value);
    await this.#commit(() => messages.planNote(this.#state, id, key, text));
  }

  async remove(ids: readonly MessageId[], account: AccountName): Promise<number> {
    const counts = await this.#inSlices(ids, (slice) =>
      messages.planRemove(this.#state, slice, account, this.#clock()),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async removeMatching(scope: api.BulkScope): Promise<number> {
    const ids = (await this.#scan(scope)).map(({ message }) => message);
    return this.remove(ids, scope.account ?? ALL);
  }

  async markMatching(scope: api.BulkScope, marks: Marks): Promise<number> {
    const matched = await this.#scan(scope);
    const mailbox = matched[0]?.mailbox.id;
    const uids = matched.map(({ uid }) => uid);
    for (const { operation, flags } of flagOperations(marks)) {
      if (mailbox === undefined || !this.#state.mailboxes.has(mailbox)) break;
      await this.setFlags(mailbox, uids, operation, flags);
    }
    const { addTags = [], removeTags = [] } = marks;
    const ids = matched.map(({ message }) => message);
    if (addTags.length + removeTags.length > 0) await this.tag(ids, addTags, removeTags);
    return matched.length;
  }

  async tags(account: AccountName): Promise<ReturnType<typeof countTags>> {
    this.#assertOpen();
    return countTags(this.#state, account);
  }

  // ------------------------------------------------------------------------------------------ accounts

  async accounts(request: api.AccountsRequest): Promise<api.AccountPage> {
    this.#assertOpen();
    return listAccounts(this.#state, request);
  }

  async account(name: AccountName): Promise<api.AccountInfo | undefined> {
    this.#assertOpen();
    return this.#state.accounts.get(name)?.info();
  }

  async credentials(name: AccountName): Promise<api.AccountCredentials | undefined> {
    this.#assertOpen();
    const account = this.#state.accounts.get(name);
    return account === undefined ? undefined : { name, password: account.password };
  }

  mintAccount(name: AccountName, password: string): Promise<api.AccountInfo> {
    return this.#commit(() => accounts.planMint(this.#state, name, password, this.#clock()));
  }

  setPassword(name: AccountName, password: string | null): Promise<api.AccountInfo> {
    return this.#commit(() => accounts.planPassword(this.#state, name, password, this.#clock()));
  }

  async openAccount(name: AccountName): Promise<api.AccountInfo> {
    const opened = this.#commit(() => accounts.planOpen(this.#state, name, this.#clock()), true);
    const known = this.#state.accounts.get(name);
    if (known === undefined) return opened;
    // An account whose standard mailboxes cannot be stored can be read without them.
    return (await api.unlessUnwritable(opened)) ?? known.info();
  }

  removeAccount(name: AccountName): Promise<boolean> {
    return this.#commit(() => accounts.planRemoveAccount(this.#state, name, this.#clock()));
  }

  // ----------------------------------------------------------------------------------------- mailboxes

  async mailboxes(account: AccountName): Promise<readonly api.MailboxInfo[]> {
    this.#assertOpen();
    return [...(this.#state.accounts.get(account)?.mailboxes() ?? [])].map((mailbox) => mailbox.info());
  }

  async mailbox(account: AccountName, name: string): Promise<api.MailboxInfo | undefined> {
    this.#assertOpen();
    return this.#state.accounts.get(account)?.mailbox(mailboxes.canonicalName(name))?.info();
  }

  async mailboxById(id: MailboxId): Promise<api.MailboxInfo | undefined> {
    this.#assertOpen();
    return this.#state.mailboxes.get(id)?.info();
  }

  createMailbox(account: AccountName, name: string, role?: api.MailboxRole): Promise<api.MailboxInfo> {
    return this.#commit(() => mailboxes.planCreate(this.#state, account, name, role ?? null, this.#clock()));
  }

  deleteMailbox(account: AccountName, name: string): Promise<void> {
    return this.#commit(() => mailboxes.planDelete(this.#state, account, name, this.#clock()));
  }

  async renameMailbox(account: AccountName, from: string, to: string): Promise<void> {
    if (mailboxes.canonicalName(from) !== 'INBOX') {
      await this.#commit(() => mailboxes.planRename(this.#state, account, from, to, this.#clock()));
      return;
    }
    // INBOX stays and gives its messages to the new mailbox (RFC 9051 §6.3.6).
    const target = await this.createMailbox(account, to);
    const inbox = mailboxes.mailboxOf(this.#state, account, from);
    const uids = inbox.placements.toArray().map(({ uid }) => uid);
    await this.move(inbox.id, uids, target.id);
  }

  async subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void> {
    await this.#commit(() => mailboxes.planSubscribe(this.#state, account, name, subscribed));
  }

  async subscriptions(account: AccountName): Promise<readonly string[]> {
    this.#assertOpen();
    return [...(this.#state.accounts.get(account)?.subscriptions ?? [])].sort();
  }

  async claimRecent(mailbox: MailboxId): Promise<Uid> {
    const plan = () => mailboxes.planClaimRecent(this.#state, this.#mailbox(mailbox));
    // Where the claim cannot be stored, nothing is recent for anybody.
    return (await api.unlessUnwritable(this.#commit(plan, true))) ?? this.#mailbox(mailbox).uidNext;
  }

  // ---------------------------------------------------------------------------------------- placements

  async placements(mailbox: MailboxId, changedSince?: Seq): Promise<readonly api.Placement[]> {
    this.#assertOpen();
    const known = this.#mailbox(mailbox);
    if (changedSince !== undefined && known.highestModseq <= changedSince) return [];
    const placements = known.placements.toArray();
    if (changedSince === undefined) return placements;
    return placements.filter(({ modseq }) => modseq > changedSince);
  }

  async expungedSince(mailbox: MailboxId, since: Seq): Promise<readonly Uid[] | undefined> {
    this.#assertOpen();
    return this.#mailbox(mailbox).history.since(since);
  }

  async setFlags(
    mailbox: MailboxId,
    uids: readonly Uid[],
    operation: api.FlagOperation,
    flags: readonly string[],
    unchangedSince?: Seq,
  ): Promise<api.FlagOutcome> {
    this.#assertOpen();
    this.#mailbox(mailbox);
    const outcomes = await this.#inSlices(uids, (slice) =>
      planFlags(this.#state, this.#mailbox(mailbox), slice, operation, flags, unchangedSince),
    );
    return {
      updated: outcomes.flatMap(({ updated }) => updated),
      modified: outcomes.flatMap(({ modified }) => modified),
    };
  }

  copy(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<api.CopyOutcome> {
    return this.#copyInSlices(mailbox, uids, to, false);
  }

  move(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<api.CopyOutcome> {
    return this.#copyInSlices(mailbox, uids, to, true);
  }

  async expunge(mailbox: MailboxId, uids: readonly Uid[]): Promise<readonly Uid[]> {
    this.#assertOpen();
    this.#mailbox(mailbox);
    const ascending = [...new Set(uids)].sort((a, b) => a - b);
    const gone = await this.#inSlices(ascending, (slice) =>
      planExpunge(this.#state, this.#mailbox(mailbox), slice, this.#clock()),
    );
    return gone.flat();
  }

  // ------------------------------------------------------------------------------------ records, itself

  records<T>(collection: string): api.RecordSet<T> {
    return new StoredRecords<T>(this.#state, collection, (plan) => this.#commit(plan));
  }

  async facts(): Promise<api.StoreFacts> {
    this.#assertOpen();
    const { messages: kept, accounts: known, bytes, seq } = this.#state;
    const { location } = this.#journal;
    const { refusal } = this.#journal;
    const warnings = [...(refusal === null ? [] : [`No mail is taken: ${refusal}`]), ...this.#reports.lines];
    return { location, messages: kept.size, accounts: known.size, bytes, seq, warnings };
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#retainer.close();
      await this.#queue.idle();
      await this.#adder.close();
      await this.#search.close();
      await this.#journal.close();
    })();
    return this.#closing;
  }

  // ------------------------------------------------------------------------------------------- inwards

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new api.StoreError('closed', 'The store is closed');
  }

  #mailbox(id: MailboxId): MailboxState {
    const mailbox = this.#state.mailboxes.get(id);
    if (mailbox === undefined) throw new api.StoreError('not-found', 'There is no such mailbox');
    return mailbox;
  }

  /** A commit for each slice. A copy that fails on its way is undone (RFC 9051 §6.4.7: all or nothing). */
  async #copyInSlices(
    from: MailboxId,
    uids: readonly Uid[],
    to: MailboxId,
    move: boolean,
  ): Promise<api.CopyOutcome> {
    this.#assertOpen();
    this.#mailbox(from);
    const { uidValidity } = this.#mailbox(to);
    const ascending = [...new Set(uids)].sort((a, b) => a - b);
    const done: api.CopyOutcome[] = [];
    const all = (key: 'source' | 'target'): Uid[] => done.flatMap((outcome) => outcome[key]);
    try {
      await this.#inSlices(ascending, (slice) => {
        const { lines, result } = this.#copyPlan(from, slice, to, move);
        return { lines, result: () => done.push(result()) };
      });
    } catch (error) {
      // The caller gets the first error: the store may be beyond undoing anything.
      if (!move) await this.expunge(to, all('target')).catch(() => undefined);
      throw error;
    }
    return { uidValidity, source: all('source'), target: all('target') };
  }

  #copyPlan(from: MailboxId, uids: readonly Uid[], to: MailboxId, move: boolean): Plan<api.CopyOutcome> {
    return planCopy(this.#state, this.#mailbox(from), uids, this.#mailbox(to), this.#clock(), move);
  }

  #listed(id: MessageId, account: AccountName): PlacementState | undefined {
    this.#assertOpen();
    return this.#state.listed(id, account);
  }

  #scan({ account = ALL, query }: api.BulkScope): ReturnType<typeof scan> {
    this.#assertOpen();
    return scan(this.#state, { account, query }, this.#lookup);
  }

  async #commit<T>(make: () => Plan<T>, isAccess = false): Promise<T> {
    this.#assertOpen();
    return this.#queue.run(async () => {
      await this.#slice.take();
      const plan = make();
      const result = await commit(this.#state, this.#journal, plan, isAccess);
      if (exceeds(this.#state, this.#retention)) this.#retainer.kick();
      return result;
    });
  }

  /** Bulk work in commits of bounded size; others get their turn in between. */
  async #inSlices<T, R>(items: readonly T[], plan: (slice: readonly T[]) => Plan<R>): Promise<R[]> {
    this.#assertOpen();
    const results: R[] = [];
    for (let from = 0; from < items.length; from += BULK) {
      if (from > 0) await nextTurn();
      results.push(await this.#commit(() => plan(items.slice(from, from + BULK))));
    }
    return results;
  }

  #sweep(): Promise<boolean> {
    return this.#commit(() => planSweep(this.#state, this.#retention, this.#clock()));
  }
}
