/**
 * Has mailauth judge a message in a thread: it hashes and canonicalises what a stranger wrote. The zone is read here,
 * so that what is wrong with it is the caller's to mend.
 */
import { readFileSync } from 'node:fs';
import { copyOf } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import { CheckRequestError, type CheckRequest, type LiveCheck } from '../check.ts';
import { job } from './judge-job.ts';
import { parseZone, ZoneError, type Zone } from './zone-file.ts';
import { systemWords } from '../../net/system-words.ts';

export interface AuthenticityOptions {
  /** A zone file, read whenever the check runs; `null` for none. */
  readonly zone: string | null;
  /** `system`, `HOST:PORT`, or `off` when nobody may be asked. */
  readonly dns: string;
  /** Where messages are judged: apart from other work, as a judgement may wait for the DNS. */
  readonly threads: ThreadPool;
}

/** Milliseconds that a judgement may take, whatever time the caller gave it. */
const MAX_TIME = 300_000;

/** Throws `CheckRequestError`. */
function zoneOf(file: string | null, { zone }: CheckRequest): Zone {
  const [label, text] = zone !== undefined ? ['zone', zone] : [file, null];
  if (label === null) return new Map();
  try {
    return parseZone(text ?? readFileSync(label, 'utf8'));
  } catch (error) {
    const mistake = error instanceof ZoneError || (error as NodeJS.ErrnoException).code !== undefined;
    throw mistake ? new CheckRequestError(`${label}: ${systemWords(error)}`) : error;
  }
}

export const judge =
  ({ zone: file, dns, threads }: AuthenticityOptions): LiveCheck['run'] =>
  async ({ raw }, request, signal) => {
    const zone = zoneOf(file, request);
    return threads.run(job, async () => ({ raw: await copyOf(raw), sender: request, zone, dns }), {
      signal,
      deadline: MAX_TIME,
    });
  };
