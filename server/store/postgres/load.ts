/**
 * Loads the rows that changes need into a state of the model, in which the engine then plans and applies the changes.
 * Such a state contains a part of the mail: each loaded account with all its mailboxes, each loaded message with all
 * its placements in mailboxes, and the counters of all of them.
 */
import { ALL, type AccountName, type MailboxId, type MessageId, type Seq } from '../ids.ts';
import { ChangeRing } from '../model/change-ring.ts';
import type { ClockStep } from '../model/clock-steps.ts';
import { MessageRecord, PlacementState } from '../model/mail.ts';
import { State } from '../model/state.ts';
import { NOWHERE } from '../position.ts';
import type { Connection, Statement } from './database.ts';
import type { Needs } from './need.ts';
import {
  ACCOUNT,
  MAILBOX,
  restoreAccount,
  restoreMailbox,
  type AccountRow,
  type HeadRow,
  type MailboxRow,
  type MessageRow,
  type PlacementRow,
} from './rows.ts';
import { safeName } from './text.ts';

/** Collects the values of an SQL statement; `add` returns the placeholder for a value. */
class Values {
  readonly list: unknown[] = [];

  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

/** Returns SQL that selects the ids of the needed messages; `undefined` if no message is needed. */
function messageIds(needs: Needs, values: Values): string | undefined {
  const parts: string[] = [];
  if (needs.messages.length > 0) parts.push(`select unnest(${values.add(needs.messages, 'text[]')})`);
  for (const { mailbox, uids } of needs.placements) {
    const [box, list] = [values.add(mailbox, 'text'), values.add(uids, 'bigint[]')];
    parts.push(`select message from placement where mailbox = ${box} and uid = any(${list})`);
  }
  for (const { account, name } of needs.contents) {
    const named = name === undefined ? '' : ` and m.name = ${values.add(safeName(name), 'text')}`;
    parts.push(
      `select p.message from mailbox m join placement p on p.mailbox = m.id
       where m.account = ${values.add(account, 'text')}${named}`,
    );
  }
  if (needs.oldest > 0) {
    parts.push(`(select id from message order by seq limit ${values.add(needs.oldest, 'bigint')})`);
  }
  for (const { account, count } of needs.oldestOf) {
    const inbox = `select id from mailbox where account = ${values.add(account, 'text')} and name = 'INBOX'`;
    parts.push(
      `(select message from placement where mailbox = (${inbox}) order by uid limit ${values.add(count, 'bigint')})`,
    );
  }
  return parts.length === 0 ? undefined : parts.join(' union ');
}

/** Returns SQL that selects the names of the needed accounts. */
function accountNames(needs: Needs, values: Values): string {
  const parts = [`select unnest(${values.add([ALL, ...needs.accounts.map(safeName)], 'text[]')})`];
  if (needs.mailboxes.length > 0) {
    parts.push(`select account from mailbox where id = any(${values.add(needs.mailboxes, 'text[]')})`);
  }
  const ids = messageIds(needs, values);
  if (ids !== undefined) {
    parts.push(
      `select m.account from placement p join mailbox m on m.id = p.mailbox where p.message in (${ids})`,
    );
  }
  return parts.join(' union ');
}

/**
 * Returns whether `accountNames` selects just the accounts that a change names. Most changes are new mail, for which
 * this is true, so their statements are prepared.
 */
const needsOnlyNamed = (needs: Needs): boolean =>
  needs.mailboxes.length + needs.messages.length + needs.placements.length === 0 &&
  needs.contents.length + needs.oldestOf.length + needs.oldest === 0;

const build = (make: (values: Values) => string): Statement => {
  const values = new Values();
  return { text: make(values), values: values.list };
};

export interface Loaded {
  readonly accounts: readonly AccountRow[];
  readonly mailboxes: readonly MailboxRow[];
  readonly retired: readonly { account: AccountName; name: string; uid_validity: number }[];
  readonly messages: readonly MessageRow[];
  readonly placements: readonly PlacementRow[];
  readonly keywords: readonly { spelling: string }[];
  readonly records: readonly { collection: string; key: string; value: string }[];
}

const none = Promise.resolve([]);

/** Sends all statements that load the needed rows in one batch, without waiting for the result of each. */
export async function prefetch(connection: Connection, needs: Needs): Promise<Loaded> {
  const ofAccounts = (table: 'account' | 'mailbox', columns: string, column: string): Statement =>
    needsOnlyNamed(needs)
      ? {
          name: `load-${table}`,
          text: `select ${columns} from ${table} where ${column} = any($1::text[])`,
          values: [[ALL, ...needs.accounts.map(safeName)]],
        }
      : build(
          (values) => `select ${columns} from ${table} where ${column} in (${accountNames(needs, values)})`,
        );
  const ofIds = (make: (ids: string) => string) => {
    const values = new Values();
    const ids = messageIds(needs, values);
    return ids === undefined ? undefined : { text: make(ids), values: values.list };
  };
  const sent = <T>(statement: Statement | undefined): Promise<readonly T[]> =>
    statement === undefined ? none : connection.send<T>(statement);
  const flags = [
    ...new Set(needs.flags.filter((flag) => !flag.startsWith('\\')).map((flag) => flag.toLowerCase())),
  ];
  const [accounts, mailboxes, retired, messages, placements, keywords, records] = await Promise.all([
    sent<AccountRow>(ofAccounts('account', ACCOUNT, 'name')),
    sent<MailboxRow>(ofAccounts('mailbox', MAILBOX, 'account')),
    sent<Loaded['retired'][number]>({
      name: 'load-retired',
      text: 'select account, name, uid_validity from retired where account = any($1::text[])',
      values: [needs.accounts.map(safeName)],
    }),
    sent<MessageRow>(
      ofIds(
        (ids) => `select id, seq, stored_at, received_at, size, sum, tags from message where id in (${ids})`,
      ),
    ),
    sent<PlacementRow>(
      ofIds((ids) => `select * from placement where message in (${ids}) order by born, position`),
    ),
    sent<{ spelling: string }>(
      flags.length === 0
        ? undefined
        : build(
            (values) => `select spelling from keyword where folded = any(${values.add(flags, 'text[]')})`,
          ),
    ),
    sent<Loaded['records'][number]>(
      needs.records.length === 0
        ? undefined
        : build(
            (values) =>
              `select collection, key, value from record where (collection, key) in
               (select * from unnest(${values.add(
                 needs.records.map(({ collection }) => safeName(collection)),
                 'text[]',
               )}, ${values.add(
                 needs.records.map(({ key }) => safeName(key)),
                 'text[]',
               )}))`,
          ),
    ),
  ]);
  return { accounts, mailboxes, retired, messages, placements, keywords, records };
}

/**
 * Creates a state without mail that has the counters of the store: its last change number (seq), its number of messages
 * and their size.
 */
function stateOf(head: HeadRow, now: number): State {
  const ring = new ChangeRing(() => undefined);
  ring.restart(head.seq);
  const state = new State(ring);
  state.messageCount = head.messages;
  state.bytes = head.bytes;
  state.clockSteps.restore(JSON.parse(head.clock_steps) as ClockStep[]);
  if (head.latest_seq !== null && head.latest_at !== null) {
    state.clockSteps.observe({ seq: head.latest_seq, storedAt: head.latest_at }, now);
  }
  return state;
}

/** Adds rows to a state; rows that the state has already are skipped. */
function restore(state: State, loaded: Loaded): void {
  for (const row of loaded.accounts) if (!state.accounts.has(row.name)) restoreAccount(state, row);
  for (const row of loaded.mailboxes) if (!state.mailboxes.has(row.id)) restoreMailbox(state, row);
  for (const { account, name, uid_validity } of loaded.retired) state.retire(account, name, uid_validity);
  for (const { spelling } of loaded.keywords) state.flagSets.of([spelling]);
  for (const { collection, key, value } of loaded.records) {
    const known = state.records.get(collection) ?? new Map<string, unknown>();
    state.records.set(collection, known.set(key, JSON.parse(value) as unknown));
  }
  const fresh = new Map<MessageId, MessageRecord>();
  for (const row of loaded.messages) {
    if (!state.messages.has(row.id)) fresh.set(row.id, restoreMessage(state, row));
  }
  restorePlacements(state, fresh, loaded.placements);
}

function restoreMessage(state: State, row: MessageRow): MessageRecord {
  const { id, seq, received_at: receivedAt, size, sum } = row;
  const facts = { id, seq, receivedAt, size, ...(sum !== null && { sum }) };
  const record = new MessageRecord(facts, state.tagSets.of(row.tags), row.stored_at, NOWHERE);
  state.messages.set(id, record);
  state.arrivals.set(record);
  return record;
}

function restorePlacements(
  state: State,
  fresh: ReadonlyMap<MessageId, MessageRecord>,
  rows: readonly PlacementRow[],
): void {
  const places = new Map<MessageRecord, PlacementState[]>();
  for (const row of rows) {
    const record = fresh.get(row.message);
    const mailbox = state.mailboxes.get(row.mailbox);
    if (record === undefined || mailbox === undefined) continue;
    const { uid, modseq, born, saved_at: savedAt } = row;
    const facts = { uid, modseq, born, savedAt, flags: state.flagSets.of(row.flags) };
    const placement = new PlacementState(record, mailbox, facts);
    mailbox.placements.set(placement);
    const known = places.get(record);
    if (known === undefined) places.set(record, [placement]);
    else known.push(placement);
  }
  for (const [record, list] of places) record.places = list;
}

/** The rows of the accounts and mailboxes as they were loaded, to find those that a change has altered. */
export interface Before {
  readonly accounts: Map<AccountName, AccountRow>;
  readonly mailboxes: Map<MailboxId, MailboxRow>;
  readonly retired: Map<string, number>;
}

/** A part of the mail in memory, on which changes are planned. */
export class PartialState {
  readonly state: State;
  readonly head: HeadRow;
  readonly before: Before = { accounts: new Map(), mailboxes: new Map(), retired: new Map() };

  constructor(head: HeadRow, now: number) {
    this.head = head;
    this.state = stateOf(head, now);
  }

  /**
   * Adds loaded rows to the state. The transaction must hold the lock of the row `head`, so that no other node
   * changes the loaded rows.
   */
  add(loaded: Loaded): void {
    for (const row of loaded.accounts) {
      if (!this.before.accounts.has(row.name)) this.before.accounts.set(row.name, row);
    }
    for (const row of loaded.mailboxes) {
      if (!this.before.mailboxes.has(row.id)) this.before.mailboxes.set(row.id, row);
    }
    for (const { account, name, uid_validity } of loaded.retired) {
      this.before.retired.set(`${account}\n${name}`, uid_validity);
    }
    restore(this.state, loaded);
  }
}

/**
 * Returns whether a message was stored at or before the time `bornBefore`. Storage times are corrected by the
 * known steps of the clock. Returns false if there is no message (`null`).
 */
export const isDue = (state: State, seq: Seq | null, storedAt: number | null, bornBefore: number): boolean =>
  seq !== null && storedAt !== null && state.clockSteps.timeOf({ seq, storedAt }) <= bornBefore;
