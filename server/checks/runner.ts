/**
 * Runs static checks in a worker thread, with a deadline for each check. If a check exceeds its deadline or
 * crashes the thread, only its own result is lost: the remaining checks run in a new thread.
 */
import { TooManyWaiting } from '../net/turns.ts';
import { copyOf, JobError, type Job } from '../thread/job.ts';
import { ThreadPool, type PoolOptions } from '../thread/pool.ts';
import type { StaticCheckName } from './check.ts';
import { cutShort } from './cut-short.ts';
import type { CheckTask, StaticResult } from './run.ts';

/** The time limit of one check in milliseconds. */
const DEADLINE = 2_000;

/**
 * The job of the worker threads: runs the static checks of one message. The thread in which the job runs loads the
 * required parsers and tables.
 */
const job: Job<CheckTask, void, StaticResult> = {
  name: 'static-checks',
  run: async (task, step) => (await import('./static-job.ts')).job.run(task, step),
};

function lostResult(check: StaticCheckName, error: JobError, deadline: number): StaticResult {
  const message =
    error.failure === 'deadline'
      ? `The check took more than ${deadline / 1000} seconds and was cut short`
      : `The check could not be finished: ${error.message}`;
  const outcome = { findings: [cutShort(check, message)], score: null, details: null };
  return { check, outcome, cut: true, took: deadline };
}

export class CheckRunner {
  readonly #threads: ThreadPool;
  readonly #deadline: number;

  constructor({ deadline = DEADLINE, ...options }: PoolOptions = {}) {
    this.#deadline = deadline;
    // The pool has one thread, because a second thread would slow down the server.
    this.#threads = new ThreadPool({ ...options, threads: 1 });
  }

  /**
   * Returns the results in the order of `task.checks`. The content of a message never causes a rejection. Rejects
   * with `TooManyWaiting` while too many messages wait for their checks.
   */
  async run(task: CheckTask): Promise<StaticResult[]> {
    const results: StaticResult[] = [];
    for (;;) {
      const checks = task.checks.slice(results.length);
      const [first] = checks;
      if (first === undefined) return results;
      const lost = await this.#runUntilLost({ ...task, checks }, results);
      if (lost === undefined) return results;
      results.push(lostResult(task.checks[results.length] ?? first, lost, this.#deadline));
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  /**
   * Runs the checks and adds their results to `results`. Returns the error that ended the run before the last
   * check; `undefined` if all checks ended.
   */
  async #runUntilLost(task: CheckTask, results: StaticResult[]): Promise<JobError | undefined> {
    try {
      await this.#threads.run(job, async () => ({ ...task, raw: await copyOf(task.raw) }), {
        deadline: this.#deadline,
        onStep: (result) => results.push(result),
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      if (error.failure === 'busy') throw new TooManyWaiting(error.message);
      return error;
    }
  }
}
