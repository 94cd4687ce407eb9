/** Tests several nodes on one database: one feed, unique numbers, and what happens when a connection is lost. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import { ALL } from '../../../server/store/ids.ts';
import { openPostgresStore, type PostgresStore } from '../../../server/store/postgres/index.ts';
import { DatabaseProxy } from '../../helpers/database-proxy.ts';
import { emptyDatabase, postgresServer, runSql } from '../../helpers/postgres.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { newMessage } from '../new-message.ts';
import { alice, mailboxOf } from '../stores.ts';

const server = await postgresServer();

async function openNode(url: string): Promise<PostgresStore> {
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  return store;
}

/** Returns the name of the schema of a test, which is also the name of its connections. */
const nameOf = (url: string): string => new URL(url).searchParams.get('application_name') ?? '';

/** Collects the changes that a node publishes. */
function collect(store: PostgresStore): Change[] {
  const changes: Change[] = [];
  store.changes.subscribe((change) => changes.push(change));
  return changes;
}

/** Resolves when the node has published the change with this number. */
const reached = (store: PostgresStore, seq: number): Promise<void> =>
  expect.poll(() => store.changes.seq, { interval: 5 }).toBeGreaterThanOrEqual(seq);

async function proxyTo(url: string): Promise<DatabaseProxy> {
  const proxy = await DatabaseProxy.start(url);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe.skipIf(server === null)('nodes on one database', () => {
  it('publish the same changes in the same order, and assign every UID once', async () => {
    const url = await emptyDatabase();
    const nodes = [await openNode(url), await openNode(url), await openNode(url)];
    const feeds = nodes.map(collect);
    const start = nodes[0]!.changes.seq;
    await reached(nodes[2]!, start);
    const added = await Promise.all(
      Array.from({ length: 90 }, (_, i) => nodes[i % 3]!.messages.add(newMessage({ subject: `${i}` }))),
    );
    const last = Math.max(...added.map(({ seq }) => seq));
    for (const node of nodes) await reached(node, last);
    expect(new Set(added.map(({ seq }) => seq)).size).toBe(90);
    for (const feed of feeds) {
      expect(feed.map(({ seq }) => seq)).toEqual(
        Array.from({ length: last - start }, (_, i) => start + 1 + i),
      );
      expect(feed).toEqual(feeds[0]);
    }
    const inbox = await mailboxOf(nodes[1]!, alice);
    const uids = (await nodes[1]!.placements.list(inbox.id)).map(({ uid }) => uid);
    expect(uids).toEqual(Array.from({ length: 90 }, (_, i) => i + 1));
  });

  it('see the changes of each other at once: a flag is refused that another node changed', async () => {
    const url = await emptyDatabase();
    const [one, other] = [await openNode(url), await openNode(url)];
    await one.messages.add(newMessage());
    const { id } = await mailboxOf(other, alice);
    const since = (await other.placements.list(id))[0]!.modseq;
    await one.placements.setFlags(id, [1 as never], 'add', ['\\Flagged']);
    const outcome = await other.placements.setFlags(id, [1 as never], 'add', ['\\Seen'], since);
    expect(outcome).toMatchObject({ updated: [], modified: [1] });
  });

  it('answer a wait on one node with mail that another received', async () => {
    const url = await emptyDatabase();
    const [one, other] = [await startTestSandbox({ store: url }), await startTestSandbox({ store: url })];
    const waiting = other.json<{ subject: string }>('messages/wait?account=alice@example.test&timeout=60000');
    const envelope = { from: 'a@x.test', to: [alice] };
    await sendRaw(one.smtp, [Buffer.from('Subject: Across\r\n\r\ntext\r\n')], envelope);
    expect(await waiting).toMatchObject({ subject: 'Across' });
  });

  it('store every acknowledged message once although connections are killed', async () => {
    const url = await emptyDatabase();
    const store = await openNode(url);
    const acknowledged: string[] = [];
    const adding = Promise.all(
      Array.from({ length: 4 }, async (_, sender) => {
        for (let i = 0; i < 40; i++) {
          const subject = `${sender}-${i}`;
          await store.messages.add(newMessage({ subject })).then(
            () => acknowledged.push(subject),
            (error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }),
          );
        }
      }),
    );
    for (let killed = 0; killed < 15 && acknowledged.length < 100;) {
      const rows = await runSql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${nameOf(url)}'
           and query <> '' and state like '%transaction%' and pid <> pg_backend_pid()`,
      );
      killed += rows.length;
    }
    await adding;
    const { messages } = await store.messages.list({ limit: 500 });
    const stored = messages.map(({ summary }) => summary.subject);
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored).toEqual(expect.arrayContaining(acknowledged));
    const inbox = await mailboxOf(store, ALL);
    const uids = (await store.placements.list(inbox.id)).map(({ uid }) => uid);
    expect(uids).toEqual(Array.from({ length: uids.length }, (_, i) => i + 1));
    await reached(store, (await store.facts()).seq);
    expect(store.changes.since(0 as never)?.map(({ seq }) => seq)).toEqual(
      Array.from({ length: store.changes.seq }, (_, i) => i + 1),
    );
  });

  it('refuse requests while they are cut off, and continue afterwards without a gap', async () => {
    const url = await emptyDatabase();
    const proxy = await proxyTo(url);
    const [node, other] = [await openNode(proxy.url), await openNode(url)];
    const feed = collect(node);
    proxy.cut();
    await expect(node.messages.add(newMessage())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(node.messages.list({ limit: 1 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(node.refusal).toContain('does not answer');
    const missed = await other.messages.add(newMessage({ subject: 'missed' }));
    proxy.heal();
    await reached(node, missed.seq);
    expect(feed.at(-1)).toMatchObject({ kind: 'message-added', message: missed.summary.id });
    expect(node.refusal).toBeNull();
    await node.messages.add(newMessage({ subject: 'again' }));
    expect((await other.messages.list({ limit: 9 })).total).toBe(2);
  });
});

describe.skipIf(server === null)('a database that cannot be used', () => {
  it('refuses tables of a newer version', async () => {
    const url = await emptyDatabase();
    await (await openPostgresStore(url)).close();
    const schema = nameOf(url);
    await runSql(`update ${schema}.schema_version set version = version + 1`);
    onTestFinished(async () => {
      await runSql(`update ${schema}.schema_version set version = version - 1`);
    });
    await expect(openPostgresStore(url)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringContaining('use that version, or another database') as string,
    });
  });

  it('reports a server that does not answer, and a database that does not exist', async () => {
    const dead = await proxyTo(server!.url);
    dead.cut();
    await expect(openPostgresStore(dead.url)).rejects.toMatchObject({ code: 'unavailable' });
    const missing = new URL(server!.url);
    missing.pathname = '/no_such_database';
    await expect(openPostgresStore(missing.href)).rejects.toThrow('no_such_database');
  });
});
