/**
 * Evaluates a message with the library mailauth in a worker thread, because hashing and canonicalisation of a
 * hostile message may be slow. The zone file is parsed in the main thread, so that an invalid zone causes an
 * error response to the request.
 */
import { copyOf } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import { CheckRequestError, type CheckRequest, type LiveCheck } from '../check.ts';
import { job } from './judge-job.ts';
import { parseZone, readZone, ZoneError, type Zone } from './zone-file.ts';
import { systemWords } from '../../net/system-words.ts';

export interface AuthenticityOptions {
  /**
   * The path of a zone file (DNS records that replace the DNS), which is read at every run of the check; `null`
   * if no zone file is configured.
   */
  readonly zone: string | null;
  /** The DNS server: `system`, the `HOST:PORT` of a server, or `off` to send no DNS requests. */
  readonly dns: string;
  /**
   * The worker threads of the authenticity check, separate from all other threads because the check may wait
   * for the DNS.
   */
  readonly threads: ThreadPool;
}

/** The maximum time for the check in milliseconds. A request cannot set a longer time limit. */
const MAX_TIME = 300_000;

/**
 * Returns the zone (DNS records that replace the DNS) of the request if the request contains one, or else the
 * zone of the configured file. Throws `CheckRequestError` for an invalid or unreadable zone.
 */
function zoneOf(file: string | null, { zone }: CheckRequest): Zone {
  if (zone !== undefined) return orMistake('zone', () => parseZone(zone));
  return file === null ? new Map() : orMistake(file, () => readZone(file));
}

function orMistake(label: string, read: () => Zone): Zone {
  try {
    return read();
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
