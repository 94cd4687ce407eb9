/** Opens the store that the configuration requests. */
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
import { StartError } from './start-error.ts';

interface StoreWorld {
  readonly logger: Logger;
  readonly threads: ThreadPool;
  readonly clock: () => number;
  readonly random: () => number;
}

/** Returns the data directory that is used when none is configured. */
export const defaultDataDirectory = (): string => envPaths('restante', { suffix: '' }).data;

/**
 * Returns the retention limits of accounts. `perAccount` is omitted when no such limit is set, because the limits
 * have to be checked for every captured message.
 */
function perAccount({ accountMaxMessages, accountMaxAge, accountMaxBytes }: SandboxConfig): Retention {
  if (accountMaxMessages + accountMaxAge + accountMaxBytes === 0) return {};
  return {
    perAccount: { maxMessages: accountMaxMessages, maxAge: accountMaxAge, maxBytes: accountMaxBytes },
  };
}

/** Opens the store. Throws `StartError` when the data directory cannot be used. */
export async function openStore(
  config: SandboxConfig,
  { logger, threads, clock, random }: StoreWorld,
): Promise<Store> {
  const world = { clock, random, threads, report: (text: string) => logger.warn(`store: ${text}`) };
  const retention = {
    maxMessages: config.maxMessages,
    maxAge: config.maxAge,
    maxBytes: config.maxBytes,
    ...perAccount(config),
  };
  if (config.memory) return openMemoryStore({ ...world, retention });
  const directory = path.resolve(config.data ?? defaultDataDirectory());
  try {
    return await openJsonStore(directory, { ...world, retention, fsync: config.fsync });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'locked') throw new StartError(error.message);
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
