/** Creates the checks of messages that the configuration requests. */
import { existsSync, readFileSync } from 'node:fs';
import { NO_BUDGET, readBudget, type CheckBudget } from '../checks/budget.ts';
import { authenticity } from '../checks/authenticity/index.ts';
import { readZone } from '../checks/authenticity/zone-file.ts';
import { Checks, type ChecksOptions } from '../checks/index.ts';
import { links } from '../checks/links/index.ts';
import { parseFilterAddress, type FilterAddress } from '../checks/spam/address.ts';
import { spam } from '../checks/spam/index.ts';
import type { SandboxConfig } from '../config/index.ts';
import type { ThreadPool } from '../thread/pool.ts';
import { OptionError, StartError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

export interface CheckWorld extends Pick<ChecksOptions, 'store' | 'clock'> {
  /** The worker threads that parse messages. */
  readonly threads: ThreadPool;
  /** The worker threads for jobs that wait for other servers. */
  readonly waitingThreads: ThreadPool;
}

/**
 * The name of the budget file, which sets the severities of findings. The file is read from the current
 * directory when no other file is configured.
 */
const BUDGET_FILE = 'restante.checks.json';

/**
 * Reads the budget, which sets the severities of findings, from `file`, or from `restante.checks.json` if
 * `file` is `null` and that file exists. Throws `StartError` if the budget is invalid or cannot be read.
 */
function loadBudget(file: string | null): CheckBudget {
  if (file === null && !existsSync(BUDGET_FILE)) return NO_BUDGET;
  const name = file ?? BUDGET_FILE;
  try {
    return readBudget(readFileSync(name, 'utf8'));
  } catch (error) {
    const text = `${name}: ${systemWords(error)}`;
    throw file === null ? new StartError(text) : new OptionError(`--checks ${text}`);
  }
}

/**
 * Reads the zone file once, so that the start fails if the file is invalid or cannot be read. The authenticity
 * check reads the file again at every run. Throws `OptionError`.
 */
function requireZone(file: string | null): void {
  if (file === null) return;
  try {
    readZone(file);
  } catch (error) {
    throw new OptionError(`--check-zone ${file}: ${systemWords(error)}`);
  }
}

/** Creates the checks. Throws `StartError` if a file of the configuration cannot be used. */
export function openChecks(config: SandboxConfig, { threads, waitingThreads, ...world }: CheckWorld): Checks {
  const daemon = (address: string | null): FilterAddress | null =>
    address === null ? null : parseFilterAddress(address);
  requireZone(config.checkZone);
  return new Checks({
    ...world,
    budget: loadBudget(config.checks),
    live: [
      authenticity({ zone: config.checkZone, dns: config.checkDns, threads: waitingThreads }),
      spam({ spamd: daemon(config.checkSpamd), rspamd: daemon(config.checkRspamd) }),
      links({ allowPrivate: config.checkPrivate, clock: world.clock, threads }),
    ],
  });
}
