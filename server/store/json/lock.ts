/**
 * Locks a data directory, because only one process may use it. The lock file names the process that owns the
 * lock. The lock of a process that no longer runs is removed. For an owner on the same machine, the process
 * is looked up. A lock of another machine (such as an earlier container with the same volume) is regarded as
 * abandoned if the modification time of its file is no longer updated.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from '../store.ts';

/** Time between two updates of the lock file's modification time, in milliseconds. */
const FRESHEN = 2_000;
/**
 * Time without an update of the lock file after which a lock from another host is regarded as abandoned, in
 * milliseconds.
 */
const GIVEN_UP = 7_000;

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Time at which the owner locked the data directory, in ISO 8601. */
  readonly start: string;
  /**
   * Start time of the owner's process in the unit of the kernel; `null` if the system does not report it. If
   * another process now has the same pid, its start time differs.
   */
  readonly born: string | null;
  /**
   * Boot id of the machine at the time when the directory was locked; it changes with each start of the
   * machine. `null` if the kernel reports none; absent in locks that an earlier version wrote.
   */
  readonly boot?: string | null;
  /** Random text that distinguishes owners whose other fields are equal, such as two stores of one process. */
  readonly token: string;
}

/** Tokens (random texts) of the locks that this process holds. */
const held = new Set<string>();

/**
 * Returns the fields of /proc/<pid>/stat, beginning with the process state (field 3 in proc(5)); `null` on
 * systems without this file.
 */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The process name, which precedes these fields in parentheses, may itself contain parentheses. Therefore
    // the fields start after the last closing parenthesis.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/**
 * Returns the kernel's boot id, which changes with each start of the machine (random(4)); `null` if the kernel
 * reports none.
 */
export function currentBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return null;
  }
}

/**
 * Returns the start time of a process (field 22 of /proc/<pid>/stat, proc(5)); `null` if the system does not report
 * it.
 */
const birthOf = (pid: number): string | null => statOf(pid)?.[19] ?? null;

/**
 * Returns whether a process is a zombie: it has ended, but is still in the process table, because its parent
 * has not collected its exit status. In a container without an init process, a zombie stays forever.
 */
const isDead = (pid: number): boolean => /^[ZX]$/.test(statOf(pid)?.[0] ?? '');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns the owner that a lock file names; `undefined` for a missing or damaged lock file. */
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

/** Returns whether the owner of a lock file still runs and uses the data directory. */
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

/**
 * Returns the process that has locked a data directory; `undefined` if the directory is not locked, or its
 * lock is abandoned.
 */
export async function lockOwner(directory: string): Promise<LockOwner | undefined> {
  const file = path.join(directory, 'lock');
  const owner = await readOwner(file);
  return owner !== undefined && (await isAlive(file, owner)) ? owner : undefined;
}

/** Returns a text that describes the damage of a lock file; `null` if the lock file is valid or missing. */
export async function lockProblem(directory: string): Promise<string | null> {
  const file = path.join(directory, 'lock');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (await readOwner(file)) !== undefined) return null;
  return found.isFile() ? 'it names no owner' : 'it is not a file';
}

export interface Lock {
  /** The previous owner of the lock, if this owner was killed before it released the lock; otherwise `undefined`. */
  readonly taken: LockOwner | undefined;
  /**
   * Checks whether this process still owns the lock, and creates the lock file again if it was deleted.
   * Returns a text about the other process if another process has locked the directory; otherwise `null`.
   */
  check(): Promise<string | null>;
  release(): Promise<void>;
}

/** Returns the error for a directory that another process has locked. */
export function lockedError(directory: string, { pid, host, start }: LockOwner): StoreError {
  const where = host === os.hostname() ? '' : ` on ${host}`;
  return new StoreError(
    'locked',
    `The data directory ${directory} is in use by another Restante (process ${pid}${where}, started at ${start})`,
  );
}

/**
 * Locks a data directory for this process. If another process has locked it, throws `StoreError('locked')`;
 * the error message names that process.
 */
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
  held.add(token);
  try {
    const taken = await claim(file, owner, directory);
    const timer = setInterval(() => void freshen(file, token), FRESHEN).unref();
    const check = () => checkLock(directory, owner);
    return { taken, check, release: () => release(file, token, timer) };
  } catch (error) {
    held.delete(token);
    throw error;
  }
}

/**
 * Creates a lock file for an owner. If the file belongs to an owner that no longer runs, replaces it and returns that
 * owner. Throws `StoreError('locked')` if the owner of the file still runs.
 */
async function claim(file: string, owner: LockOwner, directory: string): Promise<LockOwner | undefined> {
  let taken: LockOwner | undefined;
  while (!(await create(file, owner))) {
    const found = await readOwner(file);
    if (found !== undefined && (await isAlive(file, found))) throw lockedError(directory, found);
    taken = found;
    await removeAbandoned(file, found, owner, directory);
  }
  return taken;
}

/**
 * Creates a lock file unless a file with this name exists; returns whether the file was created. The complete
 * text is written to a draft file first; a hard link then gives it the final name, so that no other process
 * reads an incomplete lock file.
 */
async function create(file: string, owner: LockOwner): Promise<boolean> {
  const draft = `${file}.${process.pid}.${owner.token}`;
  try {
    await writeFile(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes an abandoned lock file: one whose owner no longer runs, or that names no owner. Several processes
 * may find the same abandoned lock. To prevent one of them from removing the new lock of another, a process
 * first creates a guard: a second lock file, whose name contains a hash of the abandoned lock's token. Only
 * the process that has the guard reads the owner again and removes the lock. If that process is killed, its
 * guard is an abandoned lock file too, and is removed in the same way.
 */
async function removeAbandoned(
  file: string,
  abandoned: LockOwner | undefined,
  owner: LockOwner,
  directory: string,
): Promise<void> {
  const guard = `${file}.${guardName(abandoned)}`;
  try {
    await claim(guard, owner, directory);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // Another process has the guard (the second lock file) and is removing the abandoned lock.
    await wait(10);
    return;
  }
  try {
    if ((await readOwner(file))?.token === abandoned?.token) await rm(file, { force: true, recursive: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/**
 * Returns the end of a guard's file name: a hash of the token of the abandoned lock, because a token may
 * contain characters that a file name cannot.
 */
const guardName = (abandoned: LockOwner | undefined): string =>
  abandoned === undefined
    ? 'damaged'
    : `guard-${createHash('sha256').update(abandoned.token).digest('hex').slice(0, 16)}`;

async function checkLock(directory: string, owner: LockOwner): Promise<string | null> {
  const file = path.join(directory, 'lock');
  if ((await readOwner(file))?.token === owner.token) return null;
  try {
    // The lock file was deleted or damaged, so it is created again.
    await claim(file, owner, directory);
    return null;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.message;
  }
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
