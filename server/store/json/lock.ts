/**
 * One process per data directory. The lock names its owner; an owner that is gone loses it: on this machine that is
 * seen by its process, elsewhere (a container made anew on the same volume) by a lock that nobody freshens.
 */
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from '../store.ts';

/** Milliseconds between two signs of life. */
const FRESHEN = 2_000;
/** Milliseconds without a sign of life after which an owner on another host is given up. */
const GIVEN_UP = 7_000;

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly start: string;
  /** When the process began, in the kernel's own count, where it tells: a pid alone may be somebody else's by now. */
  readonly born: string | null;
  /** Names the time since the machine was started, where the kernel tells; absent in locks of earlier versions. */
  readonly boot?: string | null;
  /** Tells owners apart that share all of the above: two stores of one process. */
  readonly token: string;
}

/** Locks of this process. */
const held = new Set<string>();

/** What the kernel tells of a process from its state on (proc(5), field 3 of /proc/<pid>/stat); `null` elsewhere. */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before may hold anything but ends with the last parenthesis.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Another one after each start of the machine (random(4)); `null` where the kernel does not tell. */
export function currentBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return null;
  }
}

/** Field 22: when the process began. */
const birthOf = (pid: number): string | null => statOf(pid)?.[19] ?? null;

/** Killed, and waiting for its parent to ask how it ended; in a container without an init nobody ever does. */
const isDead = (pid: number): boolean => /^[ZX]$/.test(statOf(pid)?.[0] ?? '');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `undefined` where there is no lock, or a damaged one. */
async function readOwner(file: string): Promise<LockOwner | undefined> {
  try {
    const owner = JSON.parse(await readFile(file, 'utf8')) as LockOwner | null;
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(owner: LockOwner | null): owner is LockOwner {
  const { pid, host, start, born, token } = owner ?? ({} as Partial<LockOwner>);
  const texts = [host, start, token].every((text) => typeof text === 'string');
  return texts && Number.isSafeInteger(pid) && Number(pid) > 0 && (born === null || typeof born === 'string');
}

/** Whether the owner of a lock still uses it. */
async function isAlive(file: string, owner: LockOwner): Promise<boolean> {
  if (owner.host === os.hostname()) {
    if (owner.pid === process.pid) return held.has(owner.token);
    if (!isRunning(owner.pid) || isDead(owner.pid)) return false;
    const born = birthOf(owner.pid);
    return owner.born === null || born === null || born === owner.born;
  }
  const touched = async (): Promise<number> => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
  const before = await touched();
  const deadline = Date.now() + GIVEN_UP;
  while (Date.now() < deadline) {
    await wait(FRESHEN / 4);
    if ((await touched()) !== before) return true;
  }
  return false;
}

/** Who holds the lock of a data directory; `undefined` when nobody does. */
export async function lockOwner(directory: string): Promise<LockOwner | undefined> {
  const file = path.join(directory, 'lock');
  const owner = await readOwner(file);
  return owner !== undefined && (await isAlive(file, owner)) ? owner : undefined;
}

/** What is wrong with a lock, in words; `null` where nothing is, or there is none. */
export async function lockProblem(directory: string): Promise<string | null> {
  const file = path.join(directory, 'lock');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (await readOwner(file)) !== undefined) return null;
  return found.isFile() ? 'it names no owner' : 'it is not a file';
}

export interface Lock {
  /** The owner before, who never let go: it was killed. */
  readonly taken: LockOwner | undefined;
  /** Makes the lock again if it was deleted. In words what is wrong, should somebody else have the directory by now. */
  check(): Promise<string | null>;
  release(): Promise<void>;
}

/** Takes the lock. Throws `StoreError('locked')` naming the owner. */
export async function takeLock(directory: string, clock: () => number, random: () => number): Promise<Lock> {
  const file = path.join(directory, 'lock');
  const token = Math.floor(random() * 2 ** 48).toString(36) + process.hrtime.bigint().toString(36);
  const owner: LockOwner = {
    pid: process.pid,
    host: os.hostname(),
    start: new Date(clock()).toISOString(),
    born: birthOf(process.pid),
    boot: currentBoot(),
    token,
  };
  const draft = `${file}.${process.pid}.${token}`;
  await writeFile(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  try {
    const taken = await claim(file, draft, directory);
    held.add(token);
    const timer = setInterval(() => void freshen(file, token), FRESHEN).unref();
    const check = () => checkLock(directory, owner);
    return { taken, check, release: () => release(file, token, timer) };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Links the draft to the lock's name, which fails while there is one; a lock whose owner is gone is set aside first. */
async function claim(file: string, draft: string, directory: string): Promise<LockOwner | undefined> {
  let taken: LockOwner | undefined;
  for (;;) {
    try {
      await link(draft, file);
      return taken;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readOwner(file);
    if (owner !== undefined && (await isAlive(file, owner))) {
      const who = `process ${owner.pid} on ${owner.host}, since ${owner.start}`;
      throw new StoreError('locked', `${directory} is in use by another Restante (${who})`);
    }
    taken = owner;
    await setAside(file, draft, owner);
  }
}

/** Takes away the lock that was found abandoned, and no other that somebody put there in the meantime. */
async function setAside(file: string, draft: string, owner: LockOwner | undefined): Promise<void> {
  const aside = `${draft}.old`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readOwner(aside);
  if (moved?.token !== owner?.token) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true, recursive: true });
}

async function checkLock(directory: string, owner: LockOwner): Promise<string | null> {
  const file = path.join(directory, 'lock');
  const found = await readOwner(file);
  if (found?.token === owner.token) return null;
  if (found !== undefined && (await isAlive(file, found))) {
    return `${directory} is in use by another Restante (process ${found.pid} on ${found.host})`;
  }
  // Deleted or damaged: `wx` fails if another process is faster.
  await rm(file, { force: true, recursive: true });
  await writeFile(file, `${JSON.stringify(owner)}\n`, { mode: 0o600, flag: 'wx' });
  return null;
}

async function freshen(file: string, token: string): Promise<void> {
  if ((await readOwner(file))?.token !== token) return;
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

async function release(file: string, token: string, timer: NodeJS.Timeout): Promise<void> {
  clearInterval(timer);
  held.delete(token);
  if ((await readOwner(file))?.token === token) await rm(file, { force: true });
}
