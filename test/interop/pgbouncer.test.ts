/** Tests nodes that reach PostgreSQL through the connection pooler PgBouncer. */
import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../server/store/postgres/index.ts';
import { freePort, listening } from '../helpers/nginx.ts';
import { postgresServer, runSql } from '../helpers/postgres.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { installed } from '../helpers/tool.ts';
import { newMessage } from '../store/new-message.ts';

const server = await postgresServer();
const why = !installed('pgbouncer') ? ' (not installed)' : server === null ? ' (no PostgreSQL server)' : '';

/** Starts PgBouncer before an empty database; returns the URL of the database through it. */
async function startPgBouncer(mode: 'session' | 'transaction'): Promise<string> {
  const target = new URL(server?.url ?? '');
  const name = `bouncer_${mode}_${process.pid}`;
  await runSql(`create database ${name}`);
  onTestFinished(async () => {
    await runSql(`drop database ${name} with (force)`);
  });
  const port = await freePort();
  const folder = temporaryDirectory();
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `${name} = host=${target.hostname} port=${target.port} user=${target.username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    'default_pool_size = 40',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
  const child = spawn('pgbouncer', [...user, file], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await listening(port);
  return `postgres://restante:restante@127.0.0.1:${port}/${name}`;
}

describe.skipIf(why !== '')(`PgBouncer${why}`, () => {
  it('in session mode passes on commits and notifications', async () => {
    const url = await startPgBouncer('session');
    const nodes = [await openPostgresStore(url), await openPostgresStore(url)] as const;
    onTestFinished(async () => {
      await Promise.all(nodes.map((node) => node.close()));
    });
    const added = await Promise.all(
      Array.from({ length: 40 }, (_, i) => nodes[i % 2]!.messages.add(newMessage({ subject: `${i}` }))),
    );
    const last = Math.max(...added.map(({ seq }) => seq));
    await expect.poll(() => nodes.map(({ changes }) => changes.seq >= last)).toEqual([true, true]);
    expect((await nodes[1].messages.list({ limit: 1 })).total).toBe(40);
  });

  it('in transaction mode works, or is refused with the setting that it needs', async () => {
    const url = await startPgBouncer('transaction');
    const outcome = await (async () => {
      const node = await openPostgresStore(url);
      onTestFinished(() => node.close());
      for (let i = 0; i < 5; i++) await node.messages.add(newMessage());
      return `${(await node.messages.list({ limit: 1 })).total} messages`;
    })().catch(String);
    expect(outcome).toMatch(/^5 messages$|max_prepared_statements/);
  });
});
