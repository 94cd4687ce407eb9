/**
 * Finds the messages of an INBOX that match a query. Messages whose texts are in the table `search` are selected
 * by SQL; the others, which arrived a moment ago, are tested by the matcher.
 */
import type { Query } from '../find/language/ast.ts';
import { normalize } from '../find/language/normalize.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { Core } from './core.ts';
import type { PostgresMatcher } from './matcher.ts';
import { conditionOf } from './query.ts';
import { LISTED, type ListedRow } from './summaries.ts';
import { safeName } from './text.ts';

export interface Inbox {
  readonly id: MailboxId;
  readonly uid_validity: number;
  readonly messages: number;
  readonly unseen: number;
}

/** The messages of an INBOX that a call selects. */
export interface Selection {
  readonly inbox: Inbox;
  readonly query?: Query | undefined;
  /** Only messages that arrived after this seq (change number); absent for all messages. */
  readonly after?: Seq | undefined;
}

/** A page of selected messages. */
export interface PageRequest {
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
  /** The page contains the placements that follow this UID in the given order; absent for the first page. */
  readonly from: Uid | undefined;
  /** Number of messages after `from` that are skipped before the page begins. */
  readonly offset: number;
}

export interface Page {
  readonly rows: readonly ListedRow[];
  readonly total: number;
  readonly unread: number;
}

export class Search {
  readonly #core: Core;
  readonly #matcher: PostgresMatcher;

  constructor(core: Core, matcher: PostgresMatcher) {
    this.#core = core;
    this.#matcher = matcher;
  }

  async inbox(account: AccountName): Promise<Inbox | undefined> {
    const [row] = await this.#core.read<Inbox>(
      `select id, uid_validity, messages, unseen from mailbox where account = $1 and name = 'INBOX'`,
      [safeName(account)],
      'inbox',
    );
    return row;
  }

  /** Returns a page of all messages of the INBOX. */
  async all({ inbox }: Selection, page: PageRequest): Promise<Page> {
    const values: unknown[] = [inbox.id];
    const rows = await this.#core.read<ListedRow>(
      `${LISTED} where p.mailbox = $1${restOf(page, 'p.uid', values)}`,
      values,
    );
    return { rows, total: inbox.messages, unread: inbox.unseen };
  }

  /** Returns a page of the selected messages, with the number of all of them. */
  async page(selection: Selection, page: PageRequest): Promise<Page> {
    const values: unknown[] = [selection.inbox.id];
    const matched = await this.#matched(selection, values);
    const rows = await this.#core.read<(Omit<ListedRow, 'uid'> & { uid: Uid | null }) & Omit<Page, 'rows'>>(
      `with matched as materialized (${matched}),
         page as (select uid from matched where true${restOf(page, 'uid', values)})
       select counted.total, counted.unread, listed.* from
         (select count(*) as total, count(*) filter (where '\\Seen' <> all(flags)) as unread from matched) counted
         left join (${LISTED} where p.mailbox = $1 and p.uid in (select uid from page)) listed on true
       order by listed.uid ${page.order === 'newest' ? 'desc' : 'asc'}`,
      values,
    );
    const { total = 0, unread = 0 } = rows[0] ?? {};
    return { rows: rows.filter((row): row is typeof row & ListedRow => row.uid !== null), total, unread };
  }

  /** Returns all selected messages, ascending by UID. */
  async list(selection: Selection): Promise<readonly { readonly uid: Uid; readonly message: MessageId }[]> {
    const values: unknown[] = [selection.inbox.id];
    const matched = await this.#matched(selection, values);
    return this.#core.read(`select uid, message from (${matched}) matched order by uid`, values);
  }

  /**
   * Returns SQL that selects the matching placements of the INBOX. The id of the INBOX must be the first
   * element of `values`.
   */
  async #matched({ inbox, query, after }: Selection, values: unknown[]): Promise<string> {
    const seq = after === undefined ? '' : `$${values.push(after)}::bigint`;
    const recent = after === undefined ? '' : ` and p.born > ${seq} and m.seq > ${seq}`;
    const columns = 'select p.uid, p.message, p.flags';
    const wanted = query === undefined ? undefined : normalize(query);
    if (wanted === undefined || wanted.kind === 'all') {
      return `${columns} from placement p join message m on m.id = p.message where p.mailbox = $1${recent}`;
    }
    const fresh = await this.#freshMatches(inbox, wanted, after);
    const condition = conditionOf(wanted, values);
    const ids = `$${values.push(fresh)}::text[]`;
    return `${columns} from search s join message m on m.id = s.message join placement p on p.message = m.id
      where p.mailbox = $1${recent} and ${condition} and s.message <> all(${ids})
      union ${columns} from placement p join message m on m.id = p.message
      where p.mailbox = $1${recent} and p.message = any(${ids})`;
  }

  /** Returns the ids of matching messages that are not in the table `search` yet. */
  async #freshMatches(inbox: Inbox, query: Query, after: Seq | undefined): Promise<MessageId[]> {
    const rows = await this.#core.read<ListedRow>(
      `${LISTED} join unindexed u on u.message = m.id where p.mailbox = $1 and m.seq > $2 order by p.uid`,
      [inbox.id, after ?? 0],
    );
    const matching: MessageId[] = [];
    for (const row of rows) if (await this.#matcher.matches(query, row)) matching.push(row.message);
    return matching;
  }
}

/** Returns the SQL of a page: the condition of its start, its order and its limit. */
function restOf({ order, limit, from, offset }: PageRequest, column: string, values: unknown[]): string {
  const start =
    from === undefined
      ? ''
      : ` and ${column} ${order === 'newest' ? '<' : '>'} $${values.push(from)}::bigint`;
  return `${start} order by ${column} ${order === 'newest' ? 'desc' : 'asc'} limit $${values.push(limit)}::bigint offset $${values.push(offset)}::bigint`;
}
