import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { takeLock, type Lock } from '../../../server/store/json/lock.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { temporaryDirectory } from '../stores.ts';

const take = (directory: string) => takeLock(directory, Date.now, Math.random);
const lockOf = (directory: string) => path.join(directory, 'lock');

it('names its owner and can be released', async () => {
  const directory = temporaryDirectory();
  const lock = await take(directory);
  expect(JSON.parse(await readFile(lockOf(directory), 'utf8'))).toMatchObject({
    pid: process.pid,
    host: os.hostname(),
    start: expect.stringMatching(/^\d{4}-/),
  });
  await expect(take(directory)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`(process ${process.pid}, started at `),
  });
  await lock.release();
  expect(existsSync(lockOf(directory))).toBe(false);
  await (await take(directory)).release();
});

it('refuses a second store, and accepts it when the first closes', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  await expect(openJsonStore(directory)).rejects.toMatchObject({ code: 'locked' });
  await store.close();
  await (await openJsonStore(directory)).close();
});

/**
 * Lets eight stores lock a directory, each one turn of the event loop after the previous store; returns the locks that
 * were acquired.
 */
async function compete(directory: string) {
  const attempts: Promise<Lock>[] = [];
  for (let store = 0; store < 8; store++) {
    attempts.push(take(directory));
    await turn();
  }
  const outcomes = await Promise.allSettled(attempts);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

const killed = (token: string): string =>
  JSON.stringify({ pid: 999_999_999, host: os.hostname(), start: '', born: null, token });

it.each([
  ['no lock', undefined],
  ['the lock of a killed process', killed('killed')],
  ['a damaged lock', '{'],
])('is acquired by one of many stores that find %s', async (_found, content) => {
  const directory = temporaryDirectory();
  for (let round = 0; round < 50; round++) {
    if (content !== undefined) await writeFile(lockOf(directory), content);
    const [lock, ...others] = await compete(directory);
    expect(others).toEqual([]);
    expect(await lock?.check()).toBeNull();
    await lock?.release();
    expect(await readdir(directory)).toEqual([]);
  }
});

it('is acquired although a process was killed while it removed the lock of another killed process', async () => {
  const directory = temporaryDirectory();
  await writeFile(lockOf(directory), killed('first'));
  const guard = `guard-${createHash('sha256').update('first').digest('hex').slice(0, 16)}`;
  await writeFile(`${lockOf(directory)}.${guard}`, killed('second'));
  const locks = await compete(directory);
  expect(locks).toHaveLength(1);
  expect(locks[0]?.taken).toMatchObject({ token: 'first' });
  await locks[0]?.release();
  expect(await readdir(directory)).toEqual([]);
});

it('creates a deleted lock again, but not over the lock of another store', async () => {
  const directory = temporaryDirectory();
  const lock = await take(directory);
  await rm(lockOf(directory));
  expect(await lock.check()).toBeNull();
  expect(existsSync(lockOf(directory))).toBe(true);
  await rm(lockOf(directory));
  const other = await take(directory);
  expect(await lock.check()).toContain('is in use by another Restante');
  expect(await other.check()).toBeNull();
  await lock.release();
  expect(await other.check()).toBeNull();
  await other.release();
});

it.skipIf(process.platform !== 'linux')(
  'is taken over from a process whose parent never reads its exit status',
  async () => {
    const directory = temporaryDirectory();
    // The shell becomes a program that does not reap the child process that it inherits; only then may the child
    // exit.
    const parent = spawn('sh', ['-c', 'read -r go <&3 & echo $!; exec sleep 60 3<&-'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: parent.stdout! }), 'line')) as [string];
    await expect.poll(() => readFile(`/proc/${parent.pid}/cmdline`, 'latin1')).toMatch(/^sleep/);
    (parent.stdio[3] as Writable).end('go\n');
    const state = async (): Promise<string> =>
      (await readFile(`/proc/${line}/stat`, 'latin1')).split(') ')[1]?.[0] ?? '';
    await expect.poll(state).toBe('Z');
    const owner = { pid: Number(line), host: os.hostname(), start: '', born: null, token: 'zombie' };
    await writeFile(lockOf(directory), JSON.stringify(owner));
    const lock = await take(directory);
    expect(lock.taken).toMatchObject({ pid: owner.pid });
    await lock.release();
  },
);

it('is taken over from a process that has ended, or whose number another process has now', async () => {
  const directory = temporaryDirectory();
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  const gone = { pid: child.pid, host: os.hostname(), start: '', born: null, token: 'gone' };
  await writeFile(lockOf(directory), JSON.stringify(gone));
  const lock = await take(directory);
  expect(lock.taken).toMatchObject({ pid: child.pid });
  await lock.release();
  for (const pid of [process.pid, process.ppid]) {
    const reused = { pid, host: os.hostname(), start: '', born: '1', token: 'other' };
    await writeFile(lockOf(directory), JSON.stringify(reused));
    if (process.platform === 'linux' || pid === process.pid) await (await take(directory)).release();
  }
});

it('is taken over if it cannot be read', async () => {
  const directory = temporaryDirectory();
  await writeFile(lockOf(directory), '');
  await (await take(directory)).release();
});

it('is respected if another host updates it', async () => {
  const directory = temporaryDirectory();
  const elsewhere = { pid: 1, host: 'another-host', start: '2026', born: null, token: 'elsewhere' };
  await writeFile(lockOf(directory), JSON.stringify(elsewhere));
  const beat = setInterval(() => void utimes(lockOf(directory), new Date(), new Date()), 50);
  try {
    await expect(take(directory)).rejects.toMatchObject({ message: expect.stringContaining('another-host') });
  } finally {
    clearInterval(beat);
  }
});
