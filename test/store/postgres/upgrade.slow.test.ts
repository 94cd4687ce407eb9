/** Tests that nodes are upgraded one after the other although the new version changes the schema. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { ALL } from '../../../server/store/ids.ts';
import { openPostgresStore, type PostgresStore } from '../../../server/store/postgres/index.ts';
import { migrations } from '../../../server/store/postgres/migrations/index.ts';
import { databaseWithoutTables, postgresServer, runSql } from '../../helpers/postgres.ts';
import { soon } from '../../helpers/soon.ts';
import { newMessage } from '../new-message.ts';
import { alice, mailboxOf } from '../stores.ts';

const server = await postgresServer();

/** A change that a later version may make while nodes of this version run: it adds columns, a table and an index. */
const EXPANSION = `
${[
  'head',
  'account',
  'mailbox',
  'message',
  'content',
  'placement',
  'record',
  'change',
  'cell',
  'node',
  'search',
  'retired',
]
  .map((table) => `alter table ${table} add column added text not null default 'x';`)
  .join('\n')}
create table later (id text primary key);
create index message_added on message (added);
`;

async function openNode(url: string, versions: readonly string[] = migrations): Promise<PostgresStore> {
  const store = await openPostgresStore(url, {}, versions);
  onTestFinished(() => store.close());
  return store;
}

/** Uses every kind of statement that a node prepares: capture, flags, copies, records, cells, lists, searches. */
async function use(node: PostgresStore, subject: string): Promise<void> {
  const added = await node.messages.add(newMessage({ to: [alice], subject }));
  const { id } = added.summary;
  const inbox = await mailboxOf(node, alice);
  const uids = (await node.placements.list(inbox.id)).map(({ uid }) => uid);
  await node.placements.setFlags(inbox.id, uids, 'add', ['\\Seen', 'kept']);
  await node.placements.copy(inbox.id, uids.slice(-1), inbox.id);
  await node.messages.tag([id], ['tag'], []);
  await node.messages.annotate(id, 'note', subject);
  await node.records.collection<string>('r').update('k', () => subject);
  await node.cells.collection<string>('c').update('k', () => ({ value: subject, result: null }));
  expect(await node.messages.get(id)).toMatchObject({ subject, tags: ['tag'] });
  expect(await node.messages.raw(id)).toBeDefined();
  const query = { kind: 'text', field: 'subject', value: subject } as const;
  expect((await node.messages.list({ account: ALL, query, limit: 1 })).total).toBe(1);
  await node.messages.remove([(await node.messages.add(newMessage({ to: [alice] }))).summary.id], ALL);
  await node.indexed();
}

describe.skipIf(server === null)('a rolling upgrade', () => {
  it('lets nodes continue whose version is older than the schema', async () => {
    const url = await databaseWithoutTables();
    const old = await openNode(url, migrations.slice(0, -1));
    await use(old, 'before');
    const today = await openNode(url);
    for (const [index, node] of [old, today, old].entries()) await use(node, `today ${index}`);
    // A later version, which this program does not know.
    const later = await openNode(url, [...migrations, EXPANSION]);
    for (const [index, node] of [old, today, later, old, today].entries()) await use(node, `later ${index}`);
    const { seq } = later.changes;
    for (const node of [old, today]) await node.changes.caughtUp(seq);
    const totals = [old, today, later].map(async (node) => (await node.messages.list({ limit: 1 })).total);
    expect(await Promise.all(totals)).toEqual([9, 9, 9]);
    await expect(openPostgresStore(url)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringContaining(
        `version ${migrations.length + 1}, this program knows ${migrations.length}`,
      ) as string,
    });
    expect(await today.messages.add(newMessage({ subject: 'still open' }))).toBeDefined();
  });

  it('upgrades while the other node captures mail without a pause', async () => {
    const url = await databaseWithoutTables();
    const busy = await openNode(url);
    let captured = 0;
    let isEnding = false;
    const capture = async (): Promise<void> => {
      while (!isEnding) {
        await busy.messages.addAll([newMessage({ to: [alice] }), newMessage()]);
        captured += 2;
      }
    };
    const load = Promise.all(Array.from({ length: 5 }, capture));
    await soon(() => expect(captured).toBeGreaterThan(20));
    const upgraded = await openNode(url, [...migrations, EXPANSION]);
    const before = captured;
    await soon(() => expect(captured).toBeGreaterThan(before + 20));
    isEnding = true;
    await load;
    await upgraded.changes.caughtUp(busy.changes.seq);
    expect((await upgraded.messages.list({ limit: 1 })).total).toBe(captured);
  });

  it('waits for a transaction that uses a table, and gives way to it', async () => {
    const url = await databaseWithoutTables();
    const node = await openNode(url);
    const schema = new URL(url).searchParams.get('application_name') ?? '';
    await runSql(`begin; lock table ${schema}.head in row share mode`);
    onTestFinished(() => runSql('rollback').then(() => undefined));
    const opening = openNode(url, [...migrations, EXPANSION]);
    const isWaiting = `select from pg_locks where not granted and mode = 'AccessExclusiveLock'
      and relation = '${schema}.head'::regclass`;
    await soon(async () => expect(await runSql(isWaiting)).toHaveLength(1));
    // Commits need the lock that the migration waits for. They continue, because the migration gives up in between.
    for (let n = 0; n < 5; n++) await node.messages.add(newMessage());
    await runSql('rollback');
    await opening;
    expect((await node.messages.list({ limit: 1 })).total).toBe(5);
  });
});
