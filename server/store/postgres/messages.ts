/** Implements the store's operations on messages. */
import type { ChangeFeed } from '../changes.ts';
import type { Query } from '../find/language/ast.ts';
import type { Mismatch } from '../find/language/mismatch.ts';
import type { Searchable } from '../find/language/searched.ts';
import { formatCursor, parseCursor } from '../find/pages/cursor.ts';
import { flagOperations } from '../find/pages/marks.ts';
import type { Searchables } from '../find/pages/searchables.ts';
import { ALL, type AccountName, type MessageId, type Seq } from '../ids.ts';
import { noteText, planNote, planRemove, planTags } from '../engine/plan/messages.ts';
import { readDetailText, type DetailText } from '../model/entry.ts';
import { storedMessage, withNotes } from '../model/stored-message.ts';
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
import type { PostgresMatcher } from './matcher.ts';
import type { Search } from './search.ts';
import { listedOf, summaryOf, type ListedMessages, type ListedRow, type SummaryRow } from './summaries.ts';
import { safeName } from './text.ts';

interface MessagesParts {
  readonly adder: Adder;
  readonly changes: Pick<ChangeFeed, 'seq'>;
  readonly countLimit: number;
  readonly listed: ListedMessages;
  readonly matcher: PostgresMatcher;
  readonly newMessageId: () => MessageId;
  readonly placements: Pick<Placements, 'setFlags'>;
  readonly search: Search;
  readonly searchables: Searchables;
}

const NOTHING = { messages: [], total: 0, unread: 0, next: null };

export class PostgresMessages implements Messages {
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
    const [added] = await this.addAll([message]);
    if (added === undefined) throw new StoreError('io', 'The message was not stored');
    return added;
  }

  async addAll(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]> {
    this.#core.assertOpen();
    return this.#parts.adder.add(messages);
  }

  async summary(id: MessageId): Promise<MessageSummary | undefined> {
    const [row] = await this.#core.read<SummaryRow>(
      'select summary, tags from message where id = $1',
      [safeName(id)],
      'summary',
    );
    return row && summaryOf(row);
  }

  async get(id: MessageId): Promise<StoredMessage | undefined> {
    const [row] = await this.#core.read<SummaryRow & { detail: DetailText; notes: readonly string[] | null }>(
      `select m.summary, m.tags, c.detail,
         (select array_agg(json_build_array(n.key, n.value)::text order by n.seq) from note n where n.message = m.id) notes
       from message m join content c on c.id = m.id where m.id = $1`,
      [safeName(id)],
      'message',
    );
    if (row === undefined) return undefined;
    const detail = readDetailText(row.detail);
    const notes = withNotes(detail.notes, (row.notes ?? []).map(readNote));
    return storedMessage(summaryOf(row), { ...detail, notes });
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    const [row] = await this.#core.read<{ raw: Buffer }>(
      'select raw from content where id = $1',
      [safeName(id)],
      'raw',
    );
    return row?.raw;
  }

  async rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    const [row] = await this.#core.read<{ part: Buffer }>(
      'select substring(raw from $2::integer for $3::integer) as part from content where id = $1',
      [safeName(id), start + 1, Math.max(0, end - start)],
      'raw-part',
    );
    return row?.part;
  }

  async listed(id: MessageId, account: AccountName): Promise<ListedMessage | undefined> {
    const row = await this.#row(id, account);
    return row && listedOf(row);
  }

  async places(id: MessageId): Promise<readonly MessagePlace[]> {
    return this.#core.read<MessagePlace>(
      `select b.account, b.id as mailbox, b.name = 'INBOX' as "isInbox", p.uid, p.flags
       from placement p join mailbox b on b.id = p.mailbox where p.message = $1 order by p.mailbox, p.uid`,
      [safeName(id)],
      'places',
    );
  }

  async list(request: ListRequest): Promise<MessagePage> {
    this.#core.assertOpen();
    const { search, changes } = this.#parts;
    // The number of the latest change is read before the list, so that an event stream that begins after this
    // number misses no change.
    const { seq } = changes;
    const inbox = await search.inbox(request.account ?? ALL);
    if (inbox === undefined) return { ...NOTHING, seq };
    const from = request.cursor === undefined ? undefined : parseCursor(request.cursor, inbox.uid_validity);
    const { query, after, limit, offset = 0, order = 'newest', exactTotal = false } = request;
    const countTo = exactTotal ? {} : { countTo: this.#parts.countLimit };
    const page = { order, limit: limit + 1, offset, from, ...countTo };
    const isAll = (query === undefined || query.kind === 'all') && after === undefined;
    const { rows, ...counts } = await (isAll
      ? search.all({ inbox }, page)
      : search.page({ inbox, query, after }, page));
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const next =
      rows.length > limit && last !== undefined ? formatCursor(inbox.uid_validity, last.uid) : null;
    return { messages: shown.map(listedOf), ...counts, next, seq };
  }

  async explain(query: Query, id: MessageId, account: AccountName): Promise<readonly Mismatch[]> {
    const row = await this.#row(id, account);
    return row === undefined ? [] : this.#parts.matcher.explain(query, row);
  }

  async matches(query: Query, id: MessageId, account: AccountName): Promise<boolean> {
    const row = await this.#row(id, account);
    return row !== undefined && this.#parts.matcher.matches(query, row);
  }

  async searchable(id: MessageId): Promise<Searchable | undefined> {
    const summary = await this.summary(id);
    return summary && this.#parts.searchables.of(summary);
  }

  async tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq> {
    await this.#core.commitInSlices(
      ids,
      (slice) => ({ messages: slice }),
      (state, slice) => planTags(state, slice, add, remove),
    );
    return this.#parts.changes.seq;
  }

  async annotate(id: MessageId, key: string, value: unknown): Promise<void> {
    const text = noteText(value);
    await this.#core.join({ need: { messages: [id] }, plan: (state) => planNote(state, id, key, text) });
  }

  async remove(ids: readonly MessageId[], account: AccountName): Promise<number> {
    const counts = await this.#core.commitInSlices(
      ids,
      (slice) => ({ accounts: [account], messages: slice }),
      (state, slice) => planRemove(state, slice, account, this.#core.clock()),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async removeMatching(scope: BulkScope): Promise<number> {
    const { matched } = await this.#select(scope);
    return this.remove(
      matched.map(({ message }) => message),
      scope.account ?? ALL,
    );
  }

  async markMatching(scope: BulkScope, marks: Marks): Promise<number> {
    const { matched, mailbox } = await this.#select(scope);
    const uids = matched.map(({ uid }) => uid);
    for (const { operation, flags } of flagOperations(marks)) {
      if (mailbox === undefined) break;
      await this.#parts.placements.setFlags(mailbox, uids, operation, flags).catch(unlessRemoved);
    }
    const { addTags = [], removeTags = [] } = marks;
    const ids = matched.map(({ message }) => message);
    if (addTags.length + removeTags.length > 0) await this.tag(ids, addTags, removeTags);
    return matched.length;
  }

  async tags(account: AccountName): Promise<readonly { readonly tag: string; readonly messages: number }[]> {
    const rows = await this.#core.read<{ tag: string; messages: number }>(
      `select tag, count(*) as messages from mailbox b join placement p on p.mailbox = b.id
         join message m on m.id = p.message, unnest(m.tags) tag
       where b.account = $1 and b.name = 'INBOX' and m.tags <> '{}' group by tag`,
      [safeName(account)],
    );
    return [...rows].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }

  async #row(id: MessageId, account: AccountName): Promise<ListedRow | undefined> {
    this.#core.assertOpen();
    return this.#parts.listed.of(id, account);
  }

  async #select({ account = ALL, query }: BulkScope) {
    this.#core.assertOpen();
    const { search } = this.#parts;
    const inbox = await search.inbox(account);
    const matched = inbox === undefined ? [] : await search.list({ inbox, query });
    return { matched, mailbox: inbox?.id };
  }
}

/** Throws the error again, unless it means that the mailbox was removed in the meantime. */
function unlessRemoved(error: unknown): void {
  if (!(error instanceof StoreError) || error.code !== 'not-found') throw error;
}

/**
 * Reads a later note of a message: the JSON text of an array of a key and a value. The value is null if the note was
 * deleted.
 */
function readNote(text: string): { readonly key: string; readonly value?: unknown } {
  const [key, value] = JSON.parse(text) as [string, string | null];
  return value === null ? { key } : { key, value: JSON.parse(value) as unknown };
}
