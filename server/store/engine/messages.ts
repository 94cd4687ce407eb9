/** Implements the store's operations on messages. */
import { ALL, type AccountName, type MessageId, type Seq } from '../ids.ts';
import { list, listedOf } from '../find/pages/list.ts';
import { flagOperations } from '../find/pages/marks.ts';
import { scan, type Lookup } from '../find/pages/scan.ts';
import type { Searchable } from '../find/language/searched.ts';
import type { Searchables } from '../find/pages/searchables.ts';
import { countTags } from '../find/pages/tags.ts';
import type { Retention } from '../options.ts';
import { planAdd } from './plan/add.ts';
import { noteText, planNote, planRemove, planTags } from './plan/messages.ts';
import type { Query } from '../find/language/ast.ts';
import type { Mismatch } from '../find/language/mismatch.ts';
import type { PlacementState } from '../model/mail.ts';
import { storedMessage } from '../model/stored-message.ts';
import {
  StoreError,
  type AddedMessage,
  type BulkScope,
  type ListedMessage,
  type ListRequest,
  type Marks,
  type MessagePage,
  type MessagePlace,
  type Messages,
  type MessageSummary,
  type NewMessage,
  type NewMessageFile,
  type Placements,
  type StoredMessage,
} from '../store.ts';
import type { Adder } from './adder.ts';
import type { Core } from './core.ts';

interface MessagesParts {
  readonly adder: Adder;
  readonly lookup: Lookup;
  readonly newMessageId: () => MessageId;
  readonly placements: Pick<Placements, 'setFlags'>;
  readonly retention: Retention;
  readonly searchables: Searchables;
}

export class EngineMessages implements Messages {
  readonly #core: Core;
  readonly #parts: MessagesParts;

  constructor(core: Core, parts: MessagesParts) {
    this.#core = core;
    this.#parts = parts;
  }

  newId(): MessageId {
    return this.#parts.newMessageId();
  }

  async add(message: NewMessage | NewMessageFile): Promise<AddedMessage> {
    this.#core.assertOpen();
    const [added] = await this.addAll([message]);
    if (added === undefined) throw new StoreError('io', 'The message was not stored');
    return added;
  }

  async addAll(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]> {
    const { state, journal, clock } = this.#core;
    const added = await this.#parts.adder.add(messages, async (prepared) => {
      return this.#core.commit(() => planAdd(state, prepared, clock(), this.#parts.retention));
    });
    await journal.settled();
    return added;
  }

  async summary(id: MessageId): Promise<MessageSummary | undefined> {
    this.#core.assertOpen();
    const record = this.#core.state.messages.get(id);
    return record && this.#core.journal.summary(record);
  }

  async get(id: MessageId): Promise<StoredMessage | undefined> {
    this.#core.assertOpen();
    const { state, journal } = this.#core;
    const record = state.messages.get(id);
    if (record === undefined) return undefined;
    const summary = journal.summary(record);
    return storedMessage(summary, await journal.detail(record));
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    this.#core.assertOpen();
    return this.#core.state.messages.has(id) ? this.#core.journal.raw(id) : undefined;
  }

  async rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    this.#core.assertOpen();
    return this.#core.state.messages.has(id) ? this.#core.journal.rawPart(id, start, end) : undefined;
  }

  async listed(id: MessageId, account: AccountName): Promise<ListedMessage | undefined> {
    const placement = this.#placement(id, account);
    return placement && listedOf(placement, this.#core.journal);
  }

  async places(id: MessageId): Promise<readonly MessagePlace[]> {
    this.#core.assertOpen();
    return (this.#core.state.messages.get(id)?.places ?? []).map(({ mailbox, uid, flags }) => ({
      account: mailbox.account.name,
      mailbox: mailbox.id,
      isInbox: mailbox.account.inbox === mailbox,
      uid,
      flags: [...flags],
    }));
  }

  async list(request: ListRequest): Promise<MessagePage> {
    this.#core.assertOpen();
    return list(this.#core.state, request, this.#core.journal, this.#parts.lookup);
  }

  async explain(query: Query, id: MessageId, account: AccountName): Promise<readonly Mismatch[]> {
    const placement = this.#placement(id, account);
    return placement === undefined ? [] : this.#parts.lookup.matcher.explain(query, placement);
  }

  async matches(query: Query, id: MessageId, account: AccountName): Promise<boolean> {
    const placement = this.#placement(id, account);
    return placement !== undefined && this.#parts.lookup.matcher.one(query, placement);
  }

  async searchable(id: MessageId): Promise<Searchable | undefined> {
    this.#core.assertOpen();
    const record = this.#core.state.messages.get(id);
    return record && this.#parts.searchables.of(record);
  }

  async tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq> {
    const { state } = this.#core;
    await this.#core.commitInSlices(ids, (slice) => planTags(state, slice, add, remove));
    return state.seq;
  }

  async annotate(id: MessageId, key: string, value: unknown): Promise<void> {
    const text = noteText(value);
    await this.#core.commit(() => planNote(this.#core.state, id, key, text));
  }

  async remove(ids: readonly MessageId[], account: AccountName): Promise<number> {
    const { state, clock } = this.#core;
    const counts = await this.#core.commitInSlices(ids, (slice) =>
      planRemove(state, slice, account, clock()),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async removeMatching(scope: BulkScope): Promise<number> {
    const ids = (await this.#scan(scope)).map(({ message }) => message);
    return this.remove(ids, scope.account ?? ALL);
  }

  async markMatching(scope: BulkScope, marks: Marks): Promise<number> {
    const matched = await this.#scan(scope);
    const mailbox = matched[0]?.mailbox.id;
    const uids = matched.map(({ uid }) => uid);
    for (const { operation, flags } of flagOperations(marks)) {
      if (mailbox === undefined || !this.#core.state.mailboxes.has(mailbox)) break;
      await this.#parts.placements.setFlags(mailbox, uids, operation, flags);
    }
    const { addTags = [], removeTags = [] } = marks;
    const ids = matched.map(({ message }) => message);
    if (addTags.length + removeTags.length > 0) await this.tag(ids, addTags, removeTags);
    return matched.length;
  }

  async tags(account: AccountName): Promise<ReturnType<typeof countTags>> {
    this.#core.assertOpen();
    return countTags(this.#core.state, account);
  }

  /** Returns the placement of the message in the account's INBOX (the UID and the flags of the message there). */
  #placement(id: MessageId, account: AccountName): PlacementState | undefined {
    this.#core.assertOpen();
    return this.#core.state.listed(id, account);
  }

  #scan({ account = ALL, query }: BulkScope): ReturnType<typeof scan> {
    this.#core.assertOpen();
    return scan(this.#core.state, { account, query }, this.#parts.lookup);
  }
}
