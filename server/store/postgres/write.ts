/**
 * Writes what a commit has changed: for each object that the changes name, its final state in memory. The engine alone
 * decides what changes; nothing is decided here.
 */
import { fold } from '../find/language/fold.ts';
import type { Change, Place } from '../changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { AddEntry, Entry } from '../model/entry.ts';
import type { PlacementState } from '../model/mail.ts';
import { storedSummary } from '../model/stored-summary.ts';
import type { State } from '../model/state.ts';
import type { Connection, Statement } from './database.ts';
import type { PartialState } from './load.ts';
import { accountRow, mailboxRow, type AccountRow, type MailboxRow, type PlacementRow } from './rows.ts';
import { safeFolded, safeName } from './text.ts';

export interface Commit {
  readonly id: string;
  readonly partial: PartialState;
  readonly entries: readonly Entry[];
  readonly changes: readonly Change[];
  /**
   * Ids of messages whose content was uploaded to the database, but that are not stored because their request
   * was refused.
   */
  readonly unused: readonly MessageId[];
}

function placesOf(change: Change): readonly Place[] {
  if ('places' in change) return change.places;
  return 'place' in change ? [change.place] : [];
}

/** Sends the statements that write a commit, without COMMIT. The promise of each statement is in the result. */
export function send(connection: Connection, commit: Commit): Promise<unknown>[] {
  const statements = [
    ...addedMessages(commit),
    ...changedPlacements(commit),
    ...removedMessages(commit),
    ...changedTags(commit),
    ...changedNotes(commit),
    ...changedRecords(commit),
    ...changedAccounts(commit),
    ...changedMailboxes(commit),
    ...retirements(commit),
    ending(commit),
  ];
  return statements.map((statement) => connection.send(statement));
}

/** Returns a list with one statement, which receives the rows as JSON; an empty list if there are no rows. */
const withRows = (name: string, text: string, rows: readonly unknown[]): Statement[] =>
  rows.length === 0 ? [] : [{ name, text, values: [JSON.stringify(rows)] }];

const list = (name: string, text: string, values: readonly unknown[]): Statement[] =>
  values.length === 0 ? [] : [{ name, text, values: [values] }];

const foldedTags = (tags: readonly string[]): string[] => tags.map((tag) => safeFolded(fold(tag)));

function addedMessages({ entries, partial: { state } }: Commit): Statement[] {
  const added = entries.filter(
    (entry): entry is AddEntry => entry.do === 'add' && state.messages.has(entry.message.id),
  );
  const rows = added.map(({ message, at }) => {
    const tags = state.messages.get(message.id)?.tags ?? [];
    return {
      id: message.id,
      seq: message.seq,
      stored_at: at,
      received_at: message.receivedAt,
      size: message.size,
      sum: message.sum ?? null,
      tags: tags.map(safeName),
      tags_folded: foldedTags(tags),
      attachments: message.attachments ?? 0,
      has_html: message.hasHtml ?? false,
      summary: JSON.stringify(storedSummary(message)),
    };
  });
  return withRows(
    'add',
    `with added as (
       insert into message select * from json_to_recordset($1::json) as row(id text, seq bigint, stored_at bigint,
         received_at bigint, size bigint, sum integer, tags text[], tags_folded text[], attachments integer,
         has_html boolean, summary text)
       returning id)
     insert into unindexed select id from added`,
    rows,
  );
}

interface Touched {
  readonly present: PlacementRow[];
  readonly absent: { mailbox: MailboxId; uid: Uid }[];
}

/**
 * Returns the placements of messages in mailboxes that the changes of a commit name: present placements with their
 * final state, and placements that no longer exist.
 */
function touchedPlacements({ changes, partial: { state } }: Commit): Touched {
  const touched: Touched = { present: [], absent: [] };
  const seen = new Set<string>();
  for (const change of changes) {
    for (const { mailbox, uid } of placesOf(change)) {
      const key = `${mailbox} ${uid}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const placement = state.mailboxes.get(mailbox)?.placements.get(uid);
      if (placement === undefined) touched.absent.push({ mailbox, uid });
      else touched.present.push(placementRow(placement));
    }
  }
  return touched;
}

const placementRow = (placement: PlacementState): PlacementRow => ({
  mailbox: placement.mailbox.id,
  uid: placement.uid,
  message: placement.message,
  flags: placement.flags.map(safeName),
  modseq: placement.modseq,
  born: placement.born,
  saved_at: placement.savedAt,
  position: placement.record.places.indexOf(placement),
});

function changedPlacements(commit: Commit): Statement[] {
  const { present, absent } = touchedPlacements(commit);
  const flags = new Set(present.flatMap((row) => row.flags.filter((flag) => !flag.startsWith('\\'))));
  return [
    ...withRows(
      'place',
      `insert into placement select * from json_to_recordset($1::json) as row(mailbox text, uid bigint, message text,
         flags text[], modseq bigint, born bigint, saved_at bigint, position integer)
       on conflict (mailbox, uid) do update set flags = excluded.flags, modseq = excluded.modseq`,
      present,
    ),
    ...withRows(
      'unplace',
      `delete from placement using json_to_recordset($1::json) as gone(mailbox text, uid bigint)
       where placement.mailbox = gone.mailbox and placement.uid = gone.uid`,
      absent,
    ),
    ...withRows(
      'expunge',
      `insert into expunged select * from json_to_recordset($1::json) as row(mailbox text, seq bigint, uid bigint)`,
      expunges(commit),
    ),
    ...withRows(
      'keyword',
      `insert into keyword select * from json_to_recordset($1::json) as row(folded text, spelling text)
       on conflict do nothing`,
      [...flags].map((spelling) => ({ folded: spelling.toLowerCase(), spelling })),
    ),
  ];
}

/** Returns the rows of the expunge history. Only mailboxes that a client may have seen have a history. */
function expunges({ changes, partial: { state } }: Commit): { mailbox: MailboxId; seq: Seq; uid: Uid }[] {
  const gone: { mailbox: MailboxId; seq: Seq; uid: Uid }[] = [];
  for (const change of changes) {
    if (change.kind !== 'expunged' && change.kind !== 'message-removed') continue;
    for (const { mailbox, uid } of placesOf(change)) {
      if (state.mailboxes.get(mailbox)?.account.watched === true)
        gone.push({ mailbox, seq: change.seq, uid });
    }
  }
  return gone;
}

function removedMessages({ changes, unused }: Commit): Statement[] {
  const removed = changes.flatMap((change) => (change.kind === 'message-removed' ? [change.message] : []));
  const ids = [...removed, ...unused];
  return [
    ...list('remove-message', 'delete from message where id = any($1::text[])', removed),
    ...list('remove-content', 'delete from content where id = any($1::text[])', ids),
    ...list('remove-note', 'delete from note where message = any($1::text[])', removed),
    ...list('remove-unindexed', 'delete from unindexed where message = any($1::text[])', removed),
    ...list('remove-search', 'delete from search where message = any($1::text[])', removed),
  ];
}

function changedTags({ changes, partial: { state } }: Commit): Statement[] {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'tagged' ? [change.message] : [])));
  const rows = [...ids].flatMap((id) => {
    const tags = state.messages.get(id)?.tags;
    return tags === undefined ? [] : [{ id, tags: tags.map(safeName), tags_folded: foldedTags(tags) }];
  });
  return withRows(
    'tag',
    `update message set tags = row.tags, tags_folded = row.tags_folded
     from json_to_recordset($1::json) as row(id text, tags text[], tags_folded text[]) where message.id = row.id`,
    rows,
  );
}

function changedNotes({ entries, partial: { state } }: Commit): Statement[] {
  const rows = new Map<string, { message: MessageId; key: string; seq: Seq; value: string | null }>();
  for (const entry of entries) {
    if (entry.do !== 'note' || !state.messages.has(entry.message)) continue;
    const { message, seq, value = null } = entry;
    rows.set(`${message} ${entry.key}`, { message, key: safeName(entry.key), seq, value });
  }
  return withRows(
    'note',
    `insert into note select * from json_to_recordset($1::json) as row(message text, key text, seq bigint, value text)
     on conflict (message, key) do update set seq = excluded.seq, value = excluded.value`,
    [...rows.values()],
  );
}

function changedRecords({ entries }: Commit): Statement[] {
  interface RecordRow {
    collection: string;
    key: string;
    position: Seq;
    value: string | null;
  }
  const rows = new Map<string, RecordRow>();
  for (const entry of entries) {
    if (entry.do !== 'record') continue;
    const [collection, key] = [safeName(entry.collection), safeName(entry.key)];
    const value = entry.value === undefined ? null : JSON.stringify(entry.value);
    rows.set(JSON.stringify([collection, key]), { collection, key, position: entry.seq, value });
  }
  const all = [...rows.values()];
  return [
    ...withRows(
      'drop-record',
      `delete from record using json_to_recordset($1::json) as gone(collection text, key text)
       where record.collection = gone.collection and record.key = gone.key`,
      all.filter(({ value }) => value === null),
    ),
    ...withRows(
      'put-record',
      `insert into record select * from json_to_recordset($1::json)
         as row(collection text, key text, position bigint, value text)
       on conflict (collection, key) do update set value = excluded.value`,
      all.filter(({ value }) => value !== null),
    ),
  ];
}

const same = (one: object, other: object | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function changedAccounts({ partial, changes }: Commit): Statement[] {
  const { state, before } = partial;
  let since = partial.head.account_since;
  const ordinals = new Map<AccountName, Seq>();
  for (const change of changes) if (change.kind === 'account-added') ordinals.set(change.account, change.seq);
  const rows: (AccountRow & { ordinal: Seq; since: number })[] = [];
  for (const account of state.accounts.values()) {
    const row = accountRow(account);
    if (same(row, plain(before.accounts.get(account.name)))) continue;
    since = Math.max(since, account.createdAt);
    rows.push({ ...row, ordinal: ordinals.get(account.name) ?? state.seq, since });
  }
  const gone = [...before.accounts.keys()].filter((name) => !state.accounts.has(name));
  return [
    ...withRows(
      'account',
      `insert into account (name, created_at, opened, minted, password, subscriptions, ordinal, since)
       select * from json_to_recordset($1::json) as row(name text, created_at bigint, opened boolean, minted boolean,
         password text, subscriptions text[], ordinal bigint, since bigint)
       on conflict (name) do update set created_at = excluded.created_at, opened = excluded.opened,
         minted = excluded.minted, password = excluded.password, subscriptions = excluded.subscriptions`,
      rows,
    ),
    ...list('remove-account', 'delete from account where name = any($1::text[])', gone),
  ];
}

/**
 * Returns only the columns of an account that `accountRow` also returns, in the same order, so that both can be
 * compared.
 */
const plain = (row: AccountRow | undefined): AccountRow | undefined =>
  row && {
    name: row.name,
    created_at: row.created_at,
    opened: row.opened,
    minted: row.minted,
    password: row.password,
    subscriptions: row.subscriptions,
  };

const MAILBOX_COLUMNS = `id text, account text, name text, role text, uid_validity bigint, uid_next bigint,
  recent bigint, highest_modseq bigint, history_floor bigint, messages bigint, unseen bigint, deleted bigint,
  size bigint`;
const MAILBOX_NAMES = MAILBOX_COLUMNS.replaceAll(/ (?:text|bigint)/g, '');

function changedMailboxes({ partial: { state, before } }: Commit): Statement[] {
  const rows: MailboxRow[] = [];
  for (const mailbox of state.mailboxes.values()) {
    const row = mailboxRow(mailbox);
    if (!same(row, before.mailboxes.get(mailbox.id))) rows.push(row);
  }
  const gone = [...before.mailboxes.keys()].filter((id) => !state.mailboxes.has(id));
  return [
    ...withRows(
      'mailbox',
      `insert into mailbox (${MAILBOX_NAMES}) select * from json_to_recordset($1::json) as row(${MAILBOX_COLUMNS})
       on conflict (id) do update set account = excluded.account, name = excluded.name, role = excluded.role,
         uid_validity = excluded.uid_validity, uid_next = excluded.uid_next, recent = excluded.recent,
         highest_modseq = excluded.highest_modseq, history_floor = excluded.history_floor,
         messages = excluded.messages, unseen = excluded.unseen, deleted = excluded.deleted, size = excluded.size`,
      rows,
    ),
    ...list('remove-mailbox', 'delete from mailbox where id = any($1::text[])', gone),
    ...list('remove-expunged', 'delete from expunged where mailbox = any($1::text[])', gone),
  ];
}

function retirements({ partial: { state, before } }: Commit): Statement[] {
  const rows = [...state.retirements()].filter(
    ({ account, name, uidValidity }) => before.retired.get(`${account}\n${name}`) !== uidValidity,
  );
  return withRows(
    'retire',
    `insert into retired select * from json_to_recordset($1::json) as row(account text, name text, uid_validity bigint)
     on conflict (account, name) do update set uid_validity = greatest(retired.uid_validity, excluded.uid_validity)`,
    rows.map(({ account, name, uidValidity }) => ({ account, name, uid_validity: uidValidity })),
  );
}

/** Returns the name of the channel on which the nodes of a store notify each other. */
export const channelOf = (epoch: string): string => `restante_${epoch}`;

/** Returns the statement that adds the changes to the feed, updates the row `head`, and notifies the other nodes. */
function ending({ id, changes, partial, entries }: Commit): Statement {
  const { state, head } = partial;
  const latest = latestArrival(state, entries) ?? { seq: head.latest_seq, storedAt: head.latest_at };
  const since = Math.max(
    head.account_since,
    ...[...state.accounts.values()].map(({ createdAt }) => createdAt),
  );
  const rows = changes.map((change) => ({ seq: change.seq, commit_id: id, change: JSON.stringify(change) }));
  return {
    name: 'ending',
    text: `with head as (
        update head set seq = $1::bigint, messages = $2::bigint, bytes = $3::bigint, latest_seq = $4::bigint,
          latest_at = $5::bigint, account_since = $6::bigint, clock_steps = $7::text),
      feed as (
        insert into change
          select * from json_to_recordset($8::json) as row(seq bigint, commit_id text, change text) returning seq)
      select pg_notify($9::text, max(seq)::text) from feed having count(*) > 0`,
    values: [
      state.seq,
      state.messageCount,
      state.bytes,
      latest.seq,
      latest.storedAt,
      since,
      JSON.stringify(state.clockSteps.steps),
      JSON.stringify(rows),
      channelOf(head.epoch),
    ],
  };
}

function latestArrival(state: State, entries: readonly Entry[]): { seq: Seq; storedAt: number } | undefined {
  const last = entries.findLast(
    (entry): entry is AddEntry => entry.do === 'add' && state.messages.has(entry.message.id),
  );
  return last && { seq: last.message.seq, storedAt: last.at };
}
