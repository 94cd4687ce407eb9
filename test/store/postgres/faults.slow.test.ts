/**
 * Tests what a node does while its database is missing, cut off, full, read-only or slow, and what it reports at the
 * start.
 */
import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStore, type PostgresStore } from '../../../server/store/postgres/index.ts';
import { LoadConnection } from '../../bench/load.ts';
import { DatabaseProxy } from '../../helpers/database-proxy.ts';
import { ImapTalk } from '../../helpers/imap.ts';
import { emptyDatabase, postgresServer, runSql } from '../../helpers/postgres.ts';
import { freePorts, runProgram } from '../../helpers/program.ts';
import { startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { mountSmallDisk } from '../../helpers/small-disk.ts';
import { newMessage } from '../new-message.ts';

const server = await postgresServer();

/** Returns the URL with other parameters; `options` are appended to those of the URL. */
function urlWith(
  url: string,
  { user, name, options }: { user?: string; name?: string; options?: string },
): string {
  const changed = new URL(url);
  if (user !== undefined) changed.username = user;
  if (name !== undefined) changed.searchParams.set('application_name', name);
  if (options !== undefined)
    changed.searchParams.set('options', `${changed.searchParams.get('options') ?? ''} ${options}`);
  return changed.href;
}

const nameOf = (url: string): string => new URL(url).searchParams.get('application_name') ?? '';

async function proxyTo(url: string): Promise<DatabaseProxy> {
  const proxy = await DatabaseProxy.start(url);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function openNode(url: string): Promise<PostgresStore> {
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  return store;
}

/** Creates a database user without rights, which is removed after the test. */
async function createUser(name: string): Promise<string> {
  const user = `restante_${name}_${process.pid}`;
  await runSql(`create role ${user} login password 'restante'`);
  onTestFinished(async () => {
    await runSql(`drop owned by ${user}; drop role ${user}`);
  });
  return user;
}

const messageOf = (error: unknown): string => (error as Error).message;

async function reply({ smtp }: TestSandbox, subject: string): Promise<string> {
  const connection = await LoadConnection.open(smtp.host, smtp.port);
  const raw = Buffer.from(`Subject: ${subject}\r\n\r\ntext\r\n`);
  return connection.send('a@x.test', 'alice@example.test', raw).catch(messageOf);
}

const statusOf = async (node: TestSandbox, path: string): Promise<number> =>
  (await fetch(`${node.url}${path}`)).status;

describe.skipIf(server === null)('a start with a database that cannot be used', () => {
  it('names the missing rights', async () => {
    const url = urlWith(await emptyDatabase(), { user: await createUser('rights') });
    // An earlier test may have created the tables in the schema of this test. The schema of this URL has none.
    const missing = urlWith(url, { options: '-c search_path=pg_temp_none,public' });
    await expect(openPostgresStore(missing)).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringMatching(/may not create the tables .*grant it CREATE/) as string,
    });
  });

  it('names the missing extension', async () => {
    const base = server?.url ?? '';
    const [{ version } = { version: 0 }] = await runSql(
      `select current_setting('server_version_num')::int as version`,
    );
    // Versions of PostgreSQL before 18 have no parameter that makes extensions unavailable.
    if (Number(version) < 180_000) return;
    await runSql(`create database without_${process.pid}`);
    const url = new URL(urlWith(base, { options: '-c extension_control_path=/nonexistent' }));
    url.pathname = `/without_${process.pid}`;
    onTestFinished(async () => {
      await runSql(`drop database without_${process.pid} with (force)`);
    });
    await expect(openPostgresStore(url.href)).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringContaining("install PostgreSQL's contrib package") as string,
    });
  });

  it('waits for a database that does not answer yet', async () => {
    const proxy = await proxyTo(await emptyDatabase());
    proxy.cut();
    const program = runProgram([...freePorts(), '--store', proxy.url]);
    await expect.poll(program.stderr).toContain('Waiting for postgres://');
    const other = runProgram([...freePorts(), '--store', proxy.url]);
    await expect.poll(other.stderr).toContain('Waiting for postgres://');
    other.child.kill('SIGTERM');
    expect(await other.exit).toBe(1);
    expect(other.stderr()).toContain('check --store, and that the database runs');
    proxy.heal();
    await expect.poll(program.stdout).toMatch(/is ready[^]*Stop it/);
    expect((await fetch(`http://127.0.0.1:${program.port('Web UI and API')}/readyz`)).status).toBe(200);
  });

  it('ends at once if the database does not exist', async () => {
    const url = new URL(server?.url ?? '');
    url.pathname = '/no_such_database';
    const program = runProgram([...freePorts(), '--store', url.href]);
    expect(await program.exit).toBe(1);
    expect(program.stderr()).toContain('database "no_such_database" does not exist');
    expect(program.stderr()).not.toContain('restante:restante');
  });
});

describe.skipIf(server === null)('a node whose database stops to answer', () => {
  it.each(['cut', 'hold'] as const)(
    'refuses requests in every protocol, and continues (%s)',
    async (fault) => {
      const url = await emptyDatabase();
      const proxy = await proxyTo(url);
      const node = await startTestSandbox({ store: proxy.url });
      const other = await startTestSandbox({ store: url });
      const talk = await ImapTalk.connect(node.imap.port);
      onTestFinished(() => talk.destroy());
      await talk.ok('LOGIN alice@example.test x');
      await talk.ok('SELECT INBOX');
      const waiting = node.json<{ subject: string }>('messages/wait?query=subject:later&timeout=170000');
      const stream = await fetch(`${node.url}api/events`, { headers: { accept: 'text/event-stream' } });
      const events = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
      onTestFinished(() => events.cancel());
      await expect.poll(async () => (await events.read()).value).toContain('hello');

      proxy[fault]();
      await expect.poll(() => statusOf(node, 'readyz')).toBe(503);
      expect(await statusOf(node, 'livez')).toBe(200);
      expect(await reply(node, 'refused')).toMatch(/^451 4\.3\.0 The database does not answer/);
      const list = await node.api('messages');
      expect([list.status, await list.json()]).toMatchObject([503, { type: 'urn:restante:unavailable' }]);
      expect((await talk.command('STATUS INBOX (MESSAGES)')).at(-1)).toMatch(/^NO \[UNAVAILABLE\]/);
      const metrics = await (await fetch(`${node.url}metrics`)).text();
      expect(metrics).toContain('restante_storage_available 0');
      expect(metrics).not.toMatch(/^restante_messages /m);

      // Another node can still reach the database. The wait, the stream and the session of this node receive the
      // message later.
      expect(await reply(other, 'later')).toMatch(/^250 /);
      proxy.heal();
      expect(await waiting).toMatchObject({ subject: 'later' });
      let received = '';
      while (!received.includes('event: message')) received += (await events.read()).value ?? '';
      await expect.poll(async () => (await talk.command('NOOP')).join('\n')).toContain('1 EXISTS');
      await expect.poll(() => statusOf(node, 'readyz')).toBe(200);
      expect(await reply(node, 'again')).toMatch(/^250 /);
      const { total } = await other.json<{ total: number }>('messages');
      expect(total).toBe(2);
    },
  );

  it('does not stop other nodes if it was cut off while it had the lock', async () => {
    const url = await emptyDatabase();
    const name = `${nameOf(url)}_cut`;
    const proxy = await proxyTo(urlWith(url, { name }));
    const [node, other] = [await openNode(proxy.url), await openNode(url)];
    const isStuck = async (): Promise<boolean> => {
      const sql = `select pid from pg_stat_activity where application_name = '${name}' and state = 'idle in transaction'`;
      const pids = async () => (await runSql(sql)).map(({ pid }) => Number(pid));
      const before = await pids();
      await pause(300);
      const after = await pids();
      return before.some((pid) => after.includes(pid));
    };
    const state = { isOver: false };
    const sending = (async () => {
      while (!state.isOver) await node.messages.add(newMessage()).catch(() => pause(10));
    })();
    // The moment in which the node has the lock cannot be chosen, so the proxy stops at some moments.
    for (;;) {
      await pause(Math.random() * 50);
      proxy.hold();
      if (await isStuck()) break;
      proxy.heal();
    }
    await expect
      .poll(() =>
        other.messages.add(newMessage({ subject: 'other' })).then(({ summary }) => summary.subject, String),
      )
      .toBe('other');
    state.isOver = true;
    proxy.heal();
    await sending;
  });

  it('is not cut off because its own process was busy for a while', async () => {
    const node = await openNode(await emptyDatabase());
    const failures: unknown[] = [];
    for (const block of [true, false]) {
      const reading = node.changes.caughtUp().catch((error: unknown) => failures.push(error));
      // The feed of changes waits at most five seconds for an answer of the database. The answer arrives while the
      // process is busy and does not read it.
      if (block) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6000);
      await reading;
    }
    expect([failures, node.refusal]).toEqual([[], null]);
  });

  it('refuses further changes when too many wait', async () => {
    const proxy = await proxyTo(await emptyDatabase());
    const node = await openNode(proxy.url);
    proxy.hold();
    const records = node.records.collection<number>('test');
    const outcomes = await Promise.all(
      Array.from({ length: 21_000 }, (_, i) =>
        records.put(`${i}`, i).then(String, (error: unknown) => (error as { code: string }).code),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['unavailable', 'busy']));
    expect(outcomes.filter((each) => each === 'busy').length).toBeGreaterThanOrEqual(900);
    proxy.heal();
    await expect.poll(() => records.put('again', 1).then(() => 'stored', String)).toBe('stored');
  });
});

describe.skipIf(server === null)('a node whose database cannot be written', () => {
  it('reports a full disk, and accepts mail again when there is room', async () => {
    const disk = mountSmallDisk(12);
    const [{ directory } = { directory: '' }] = await runSql(
      `select current_setting('data_directory') as directory`,
    );
    if (disk === null || process.env['RESTANTE_TEST_POSTGRES']) {
      console.warn('The test of a full disk is skipped: it needs root and a server of its own');
      return;
    }
    const owner = statSync(String(directory));
    chownSync(disk, owner.uid, owner.gid);
    const space = `small_${process.pid}`;
    await runSql(`create tablespace ${space} location '${disk}'`);
    const schema = `full_${process.pid}`;
    await runSql(`create schema ${schema}`);
    onTestFinished(async () => {
      await runSql(`drop schema ${schema} cascade`);
      await runSql(`drop tablespace ${space}`);
    });
    const options = `-c search_path=${schema},public -c default_tablespace=${space}`;
    const node = await startTestSandbox({ store: urlWith(server?.url ?? '', { options }) });
    const text = 'x'.repeat(70);
    const large = Buffer.from(`Subject: large\r\n\r\n${`${text}\r\n`.repeat(14_000)}`);
    const connection = await LoadConnection.open(node.smtp.host, node.smtp.port);
    let refusal = '';
    for (let i = 0; i < 40 && refusal === ''; i++) {
      refusal = await connection.send('a@x.test', 'alice@example.test', large).then(() => '', messageOf);
    }
    expect(refusal).toMatch(/^452 4\.3\.1 .*the disk is full/);
    await expect.poll(() => statusOf(node, 'readyz')).toBe(503);
    expect(await statusOf(node, 'api/messages')).toBe(200);
    execFileSync('mount', ['-o', 'remount,size=200m', disk]);
    await expect.poll(() => statusOf(node, 'readyz')).toBe(200);
    expect(await reply(node, 'room')).toMatch(/^250 /);
  });

  it('reports a standby, and accepts mail again after the failover', async () => {
    const url = await emptyDatabase();
    const schema = nameOf(url);
    const user = await createUser('standby');
    await openPostgresStore(url).then((store) => store.close());
    await runSql(
      `grant usage on schema ${schema} to ${user}; grant all on all tables in schema ${schema} to ${user}`,
    );
    const node = await startTestSandbox({ store: urlWith(url, { user }) });
    const reconnect = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`;
    await runSql(`alter role ${user} set default_transaction_read_only = on`);
    await runSql(reconnect);
    await expect.poll(() => reply(node, 'refused')).toMatch(/^451 4\.3\.0 .*read-only/);
    await expect.poll(() => statusOf(node, 'readyz')).toBe(503);
    await runSql(`alter role ${user} set default_transaction_read_only = off`);
    await runSql(reconnect);
    await expect.poll(() => reply(node, 'stored')).toMatch(/^250 /);
    await expect.poll(() => statusOf(node, 'readyz')).toBe(200);
  });
});
