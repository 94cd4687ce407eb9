/** Opens the store of messages that the configuration requests. */
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import envPaths from 'env-paths';
import type { SandboxConfig } from '../config/index.ts';
import { openJsonStore } from '../store/json/index.ts';
import type { Retention } from '../store/options.ts';
import { openMemoryStore } from '../store/memory/index.ts';
import { StoreError, type Store } from '../store/store.ts';
import type { ThreadPool } from '../thread/pool.ts';
import { systemWords } from '../net/system-words.ts';
import { openDatabase } from './open-database.ts';
import { StartError } from './start-error.ts';

interface StoreWorld {
  readonly logger: Logger;
  readonly threads: ThreadPool;
  readonly clock: () => number;
  readonly random: () => number;
  readonly stop: AbortSignal | null;
}

/** Returns the data directory that is used when none is configured. */
export const defaultDataDirectory = (): string => envPaths('restante', { suffix: '' }).data;

/** Returns the data directory of a configuration; `null` if the mail is kept in memory or in a database. */
export const dataDirectory = ({ memory, data, store }: SandboxConfig): string | null =>
  memory || store !== null ? null : path.resolve(data ?? defaultDataDirectory());

/**
 * Returns a function to call after a failed start: it removes the data directory, and the parent directories
 * that were created for it. The function does nothing if the directory existed before, or if it is in use.
 */
export function newDirectory(directory: string | null): () => void {
  if (directory === null || existsSync(directory)) return () => undefined;
  let topmost = directory;
  while (!existsSync(path.dirname(topmost))) topmost = path.dirname(topmost);
  return () => {
    if (isUsed(directory)) return;
    try {
      rmSync(directory, { recursive: true, force: true });
      for (let parent = directory; parent !== topmost;) {
        parent = path.dirname(parent);
        rmdirSync(parent);
      }
    } catch {
      // Another program has created a file in the directory, or has removed the directory, so the error is
      // ignored.
    }
  };
}

/** Returns whether the data directory contains a message, or another process has locked the directory. */
const isUsed = (directory: string): boolean => {
  const raw = path.join(directory, 'raw');
  const files = existsSync(raw) ? readdirSync(raw, { recursive: true, withFileTypes: true }) : [];
  return files.some((each) => each.isFile()) || existsSync(path.join(directory, 'lock'));
};

/**
 * Returns the retention limits for single accounts. `perAccount` is omitted when no such limit is set,
 * because the limits have to be checked for every captured message.
 */
function perAccount({ accountMaxMessages, accountMaxAge, accountMaxBytes }: SandboxConfig): Retention {
  if (accountMaxMessages + accountMaxAge + accountMaxBytes === 0) return {};
  return {
    perAccount: { maxMessages: accountMaxMessages, maxAge: accountMaxAge, maxBytes: accountMaxBytes },
  };
}

/** Opens the store. Throws `StartError` when the data directory or the database cannot be used. */
export async function openStore(
  config: SandboxConfig,
  { logger, threads, clock, random, stop }: StoreWorld,
): Promise<Store> {
  const world = { clock, random, threads, report: (text: string) => logger.warn(`store: ${text}`) };
  const retention = {
    maxMessages: config.maxMessages,
    maxAge: config.maxAge,
    maxBytes: config.maxBytes,
    ...perAccount(config),
  };
  if (config.store !== null) return openDatabase(config.store, { ...world, retention }, stop);
  const directory = dataDirectory(config);
  if (directory === null) return openMemoryStore({ ...world, retention });
  try {
    const { fsync, rawFiles } = config;
    return await openJsonStore(directory, { ...world, retention, fsync, rawFiles });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'locked') {
      throw new StartError(
        `${error.message}: stop it, choose another directory with --data DIR, or keep the mail in memory with --memory`,
      );
    }
    if (error instanceof StoreError && error.code === 'newer') {
      throw new StartError(`Cannot use ${directory}: ${error.message} with --data`, { cause: error });
    }
    throw new StartError(
      `Cannot store mail in ${directory}: ${systemWords(error)}; choose another with --data`,
      {
        cause: error,
      },
    );
  }
}
