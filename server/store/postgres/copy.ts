/**
 * Copies the mail of another store into an empty database: accounts, mailboxes, messages, flags, UIDs and records. IMAP
 * clients need not synchronize again, because UIDVALIDITY, UIDs and MODSEQs stay the same.
 */
import { crc32 } from 'node:zlib';
import { fold } from '../find/language/fold.ts';
import type { MessageId, Seq } from '../ids.ts';
import { detailText } from '../model/entry.ts';
import { storedSummary } from '../model/stored-summary.ts';
import {
  StoreError,
  type AccountInfo,
  type MailboxInfo,
  type MessageSummary,
  type Placement,
  type Store,
  type StoredMessage,
} from '../store.ts';
import { Database, type Connection } from './database.ts';
import { openPostgresStore } from './index.ts';
import { safeFolded, safeName } from './text.ts';

/** Maximum number of rows that one statement writes. */
const AT_ONCE = 200;

/** Columns of the tables that a copy writes, with their types. */
const TABLES = {
  account:
    'name text, ordinal bigint, since bigint, created_at bigint, opened boolean, minted boolean, password text, subscriptions text[]',
  mailbox:
    'id text, account text, name text, role text, uid_validity bigint, uid_next bigint, recent bigint, highest_modseq bigint, history_floor bigint, messages bigint, unseen bigint, deleted bigint, size bigint',
  message:
    'id text, seq bigint, stored_at bigint, received_at bigint, size bigint, sum integer, tags text[], tags_folded text[], attachments integer, has_html boolean, summary text',
  unindexed: 'message text',
  placement:
    'mailbox text, uid bigint, message text, flags text[], modseq bigint, born bigint, saved_at bigint, position integer',
  record: 'collection text, key text, position bigint, value text',
  keyword: 'folded text, spelling text',
} as const;

async function insert(
  connection: Connection,
  table: keyof typeof TABLES,
  rows: readonly object[],
): Promise<void> {
  const columns = TABLES[table];
  const names = columns.replaceAll(/ [a-z]+(?:\[\])?(?=,|$)/g, '');
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    await connection.send({
      text: `insert into ${table} (${names}) select ${names} from json_to_recordset($1::json) as row(${columns}) on conflict do nothing`,
      values: [JSON.stringify(rows.slice(from, from + AT_ONCE))],
    });
  }
}

/** Returns all accounts in the order of their creation. */
async function accountsOf(source: Store): Promise<AccountInfo[]> {
  const accounts: AccountInfo[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await source.accounts.list({ limit: 1000, ...(cursor !== undefined && { cursor }) });
    accounts.push(...page.accounts);
    cursor = page.next;
  }
  return accounts.reverse();
}

interface Copying {
  readonly source: Store;
  readonly connection: Connection;
  /**
   * The copied messages, each with its seq (change number) and the number of mailboxes into which it was copied so
   * far.
   */
  readonly places: Map<MessageId, { readonly seq: Seq; count: number }>;
  readonly keywords: Map<string, string>;
  bytes: number;
  latest: { seq: Seq; at: number } | null;
  readonly onProgress: (messages: number) => void;
}

async function copyAccount(
  copying: Copying,
  account: AccountInfo,
  ordinal: number,
  since: number,
): Promise<void> {
  const { source, connection } = copying;
  const { name, createdAt, minted } = account;
  const [credentials, mailboxes, subscriptions] = await Promise.all([
    source.accounts.credentials(name),
    source.mailboxes.list(name),
    source.mailboxes.subscriptions(name),
  ]);
  const isPlain = subscriptions.length === 1 && subscriptions[0] === 'INBOX';
  const row = {
    name: safeName(name),
    ordinal,
    since,
    created_at: createdAt,
    // An account with mailboxes besides INBOX was opened by a login, because only a login creates such mailboxes.
    opened: mailboxes.length > 1,
    minted,
    password: credentials?.password ?? null,
    subscriptions: isPlain ? null : subscriptions,
  };
  await insert(connection, 'account', [row]);
  for (const mailbox of mailboxes) await copyMailbox(copying, mailbox);
}

async function copyMailbox(copying: Copying, mailbox: MailboxInfo): Promise<void> {
  const { source, connection } = copying;
  const row = {
    id: mailbox.id,
    account: safeName(mailbox.account),
    name: safeName(mailbox.name),
    role: mailbox.role,
    uid_validity: mailbox.uidValidity,
    uid_next: mailbox.uidNext,
    recent: mailbox.recentFrom,
    highest_modseq: mailbox.highestModseq,
    // The history of expunges is not copied.
    history_floor: mailbox.highestModseq,
    messages: mailbox.messages,
    unseen: mailbox.unseen,
    deleted: mailbox.deleted,
    size: mailbox.size,
  };
  await insert(connection, 'mailbox', [row]);
  const placements = await source.placements.list(mailbox.id);
  for (let from = 0; from < placements.length; from += AT_ONCE) {
    const slice = placements.slice(from, from + AT_ONCE);
    for (const placement of slice) await copyMessage(copying, placement);
    await insert(
      connection,
      'placement',
      slice.map((placement) => placementRow(copying, mailbox, placement)),
    );
  }
}

function placementRow({ places, keywords }: Copying, { id }: MailboxInfo, placement: Placement): object {
  const { uid, message, flags, modseq, savedAt } = placement;
  const place = places.get(message);
  const [born, position] = place === undefined ? [modseq, 0] : [place.seq, place.count++];
  for (const flag of flags) if (!flag.startsWith('\\')) keywords.set(flag.toLowerCase(), safeName(flag));
  return { mailbox: id, uid, message, flags: flags.map(safeName), modseq, born, saved_at: savedAt, position };
}

/** Copies a message, unless it was already copied with its placement in another mailbox. */
async function copyMessage(copying: Copying, { message: id, savedAt }: Placement): Promise<void> {
  const { source, connection, places } = copying;
  if (places.has(id)) return;
  const [message, raw] = await Promise.all([source.messages.get(id), source.messages.raw(id)]);
  if (message === undefined) throw new StoreError('io', `The message ${id} cannot be read`);
  places.set(id, { seq: message.seq, count: 0 });
  copying.bytes += message.size;
  if (copying.latest === null || message.seq > copying.latest.seq)
    copying.latest = { seq: message.seq, at: savedAt };
  const bytes = raw ?? Buffer.alloc(0);
  await Promise.all([
    insert(connection, 'message', [messageRow(message, savedAt, crc32(bytes) | 0)]),
    insert(connection, 'unindexed', [{ message: id }]),
    connection.send({
      name: 'copy-content',
      text: 'insert into content (id, detail, raw) values ($1, $2, $3)',
      values: [id, detailOf(message), bytes],
    }),
  ]);
  copying.onProgress(places.size);
}

function messageRow(message: StoredMessage, storedAt: number, sum: number): object {
  const summary: MessageSummary = message;
  return {
    id: summary.id,
    seq: summary.seq,
    stored_at: storedAt,
    received_at: summary.receivedAt,
    size: summary.size,
    sum,
    tags: summary.tags.map(safeName),
    tags_folded: summary.tags.map((tag) => safeFolded(fold(tag))),
    attachments: summary.attachments,
    has_html: summary.hasHtml,
    summary: JSON.stringify(storedSummary(withoutDetail(message))),
  };
}

/** Returns the summary of a message without the data that the detail contains. */
function withoutDetail(message: StoredMessage): MessageSummary {
  const { id, seq, receivedAt, size, from, to, cc, bcc, replyTo, subject, date, messageId } = message;
  const { envelope, user, tags, attachments, hasHtml, preview } = message;
  const addresses = { from, to, cc, bcc, replyTo, envelope };
  return {
    id,
    seq,
    receivedAt,
    size,
    ...addresses,
    subject,
    date,
    messageId,
    user,
    tags,
    attachments,
    hasHtml,
    preview,
  };
}

const detailOf = ({ fullEnvelope: { from, to }, ...message }: StoredMessage): string =>
  detailText({
    parameters: { from: from.parameters, to: to.map(({ parameters }) => parameters) },
    origin: message.origin,
    transcript: message.transcript,
    defects: message.defects,
    findings: message.findings,
    notes: message.notes,
  });

async function copyRecords({ source, connection }: Copying): Promise<void> {
  let position = 0;
  for (const collection of await source.records.collections()) {
    const records = await source.records.collection<unknown>(collection).list();
    await insert(
      connection,
      'record',
      records.map(({ key, value }) => ({
        collection: safeName(collection),
        key: safeName(key),
        position: ++position,
        value: JSON.stringify(value),
      })),
    );
  }
}

/** Creates the tables, unless they exist. Throws `StoreError('exists')` if they contain mail. */
async function prepare(url: string): Promise<void> {
  const store = await openPostgresStore(url);
  try {
    const { messages, accounts } = await store.facts();
    if (messages > 0 || accounts > 1) {
      throw new StoreError('exists', 'The database contains mail already: copy into an empty one');
    }
  } finally {
    await store.close();
  }
}

/**
 * Copies a store in one transaction: either everything is copied or nothing. No server may use the database meanwhile.
 * @param onProgress called with the number of copied messages
 * @throws StoreError `exists` if the database contains mail, `unavailable`
 */
export async function copyInto(
  url: string,
  source: Store,
  onProgress: (messages: number) => void = () => undefined,
): Promise<{ readonly messages: number; readonly accounts: number }> {
  await prepare(url);
  const accounts = await accountsOf(source);
  const { seq } = await source.facts();
  const database = new Database(url);
  try {
    return await database.transact(async (connection) => {
      await connection.send('begin');
      await connection.send('select from head for update');
      for (const table of ['account', 'mailbox', 'change']) await connection.send(`delete from ${table}`);
      const copying: Copying = {
        source,
        connection,
        places: new Map(),
        keywords: new Map(),
        bytes: 0,
        latest: null,
        onProgress,
      };
      let since = 0;
      for (const [i, account] of accounts.entries()) {
        since = Math.max(since, account.createdAt);
        await copyAccount(copying, account, i + 1, since);
      }
      await copyRecords(copying);
      await insert(
        connection,
        'keyword',
        [...copying.keywords].map(([folded, spelling]) => ({ folded, spelling })),
      );
      await connection.send({
        text: 'update head set seq = $1, messages = $2, bytes = $3, latest_seq = $4, latest_at = $5, account_since = $6',
        values: [seq, copying.places.size, copying.bytes, copying.latest?.seq, copying.latest?.at, since],
      });
      await connection.commit();
      return { messages: copying.places.size, accounts: accounts.length };
    });
  } finally {
    await database.close();
  }
}
