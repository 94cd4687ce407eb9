/**
 * Finds the messages of an INBOX that match a query. Messages whose texts are in the table `search` are selected by
 * SQL; all other messages, which arrived a moment ago, are tested by the matcher.
 */
import type { Query } from '../find/language/ast.ts';
import { normalize } from '../find/language/normalize.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { Core } from './core.ts';
import type { PostgresMatcher } from './matcher.ts';
import { conditionOf, readsTexts } from './query.ts';
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
  /**
   * The page contains the placements (messages in the mailbox) that follow this UID in the given order; absent for the
   * first page.
   */
  readonly from: Uid | undefined;
  /** Number of messages after `from` that are skipped before the page begins. */
  readonly offset: number;
  /** Number of matches at which counting stops; absent to count all matches. */
  readonly countTo?: number;
}

export interface Page {
  readonly rows: readonly ListedRow[];
  readonly total: number;
  /** Present if counting stopped at the limit of the store. */
  readonly totalIsAtLeast?: true;
  readonly unread: number;
}

/** The two SQL conditions for matching messages. No message meets both conditions. */
interface Matches {
  /**
   * The condition for messages that are in the table `search`; it uses the aliases `s`, `m` and `p`. Absent if no text
   * is compared.
   */
  readonly indexed?: string;
  /** The condition for all other messages; it uses the aliases `m` and `p`. */
  readonly others: string;
  /** The values of the parameters in both conditions; the first value is the id of the INBOX. */
  readonly values: readonly unknown[];
}

/**
 * Returns SQL that selects all matching placements (messages in the mailbox). The database cannot estimate how many
 * texts match; `offset 0` makes it look up the placement of each match, so that a query with a limit compares as few
 * texts as possible. Because of the outer join, the database need not read the table `message` for a condition without
 * `m`.
 */
function selectAll({ indexed, others }: Matches): string {
  const columns = 'select p.uid, p.message, p.flags';
  const rest = `${columns} from placement p join message m on m.id = p.message where p.mailbox = $1 and ${others}`;
  if (indexed === undefined) return rest;
  return `${columns} from search s left join message m on m.id = s.message cross join lateral
      (select * from placement where mailbox = $1 and message = s.message offset 0) p
    where ${indexed} union all ${rest}`;
}

/** Returns SQL that selects one row if the placement `p` (a message in the mailbox) matches, and no row otherwise. */
function testOne({ indexed, others }: Matches): string {
  const rest = `select from message m where m.id = p.message and ${others}`;
  if (indexed === undefined) return rest;
  return `select from search s left join message m on m.id = s.message where s.message = p.message and ${indexed}
    union all ${rest}`;
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

  /**
   * Returns a page of the selected messages, with the number of all selected messages. If more messages match than
   * `page.countTo`, counting stops there. In that case, many messages match, so the page is read in the order of the
   * UIDs, in which the database soon finds enough matches.
   */
  async page(selection: Selection, page: PageRequest): Promise<Page> {
    const matches = await this.#matches(selection);
    const { countTo } = page;
    const counted = await this.#countedPage(matches, page);
    if (countTo === undefined || counted.total <= countTo) return counted;
    const rows = await this.#walkedPage(matches, page);
    return { rows, total: countTo, totalIsAtLeast: true, unread: Math.min(counted.unread, countTo) };
  }

  /** Returns all selected messages, ascending by UID. */
  async list(selection: Selection): Promise<readonly { readonly uid: Uid; readonly message: MessageId }[]> {
    const matches = await this.#matches(selection);
    return this.#core.read(
      `select uid, message from (${selectAll(matches)}) matched order by uid`,
      matches.values,
    );
  }

  /**
   * Counts the matches, and returns the page of the counted matches. At most one match more than `page.countTo` is
   * counted.
   */
  async #countedPage(matches: Matches, page: PageRequest): Promise<Page> {
    const values = [...matches.values];
    const limit = page.countTo === undefined ? '' : ` limit $${values.push(page.countTo + 1)}::bigint`;
    const rows = await this.#core.read<(Omit<ListedRow, 'uid'> & { uid: Uid | null }) & Omit<Page, 'rows'>>(
      `with matched as materialized (${selectAll(matches)}${limit}),
         page as (select uid from matched where true${restOf(page, 'uid', values)})
       select counted.total, counted.unread, listed.* from
         (select count(*) as total, count(*) filter (where '\\Seen' <> all(flags)) as unread from matched) counted
         left join (${LISTED} where p.mailbox = $1 and p.uid in (select uid from page)) listed on true
       order by listed.uid ${directionOf(page)}`,
      values,
    );
    const { total = 0, unread = 0 } = rows[0] ?? {};
    return { rows: rows.filter((row): row is typeof row & ListedRow => row.uid !== null), total, unread };
  }

  /**
   * Returns the page by testing the placements (messages in the mailbox) in the order of their UIDs until the page is
   * full. `offset 0` prevents the database from choosing another order.
   */
  #walkedPage(matches: Matches, page: PageRequest): Promise<readonly ListedRow[]> {
    const values = [...matches.values];
    const order = `order by uid ${directionOf(page)}`;
    const uids = `select p.uid from (select * from placement where mailbox = $1 ${order}) p
      cross join lateral (${testOne(matches)} offset 0) matching where true${restOf(page, 'p.uid', values)}`;
    return this.#core.read<ListedRow>(
      `${LISTED} where p.mailbox = $1 and p.uid in (${uids}) ${order}`,
      values,
    );
  }

  async #matches({ inbox, query, after }: Selection): Promise<Matches> {
    const values: unknown[] = [inbox.id];
    const seq = after === undefined ? '' : `$${values.push(after)}::bigint`;
    const recent = after === undefined ? 'true' : `p.born > ${seq} and m.seq > ${seq}`;
    const wanted = query === undefined ? undefined : normalize(query);
    if (wanted === undefined || wanted.kind === 'all') return { others: recent, values };
    const condition = conditionOf(wanted, values);
    if (!readsTexts(wanted)) return { others: `${recent} and ${condition}`, values };
    const fresh = await this.#freshMatches(inbox, wanted, after);
    const ids = `$${values.push(fresh)}::text[]`;
    return {
      indexed: `${recent} and ${condition} and s.message <> all(${ids})`,
      others: `${recent} and p.message = any(${ids})`,
      values,
    };
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

const directionOf = ({ order }: Pick<PageRequest, 'order'>): string => (order === 'newest' ? 'desc' : 'asc');

/** Returns the SQL of a page: the condition of its start, its order and its limit. */
function restOf(page: PageRequest, column: string, values: unknown[]): string {
  const { order, limit, from, offset } = page;
  const start =
    from === undefined
      ? ''
      : ` and ${column} ${order === 'newest' ? '<' : '>'} $${values.push(from)}::bigint`;
  return `${start} order by ${column} ${directionOf(page)} limit $${values.push(limit)}::bigint offset $${values.push(offset)}::bigint`;
}
