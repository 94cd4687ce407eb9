/**
 * Runs static checks in a worker thread, which is reused for the next message, with a deadline for each check. A
 * check that exceeds its deadline or crashes the worker loses only its own result: the worker is terminated, and the
 * remaining checks run in a new worker.
 *
 * A program that runs from its TypeScript source has no worker file; its checks run in the main thread, without a
 * deadline.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../bundle.ts';
import { copyOf } from '../thread/job.ts';
import type { StaticCheckName } from './check.ts';
import { cutShort } from './cut-short.ts';
import type { CheckTask, StaticResult } from './run.ts';
import type { WorkerMessage } from './worker.ts';

/** The time limit of one check in milliseconds. */
const DEADLINE = 2_000;
/** Milliseconds that an idle worker waits for the next message before it ends. The start of a worker takes 200 ms. */
const KEPT = 60_000;
/** The heap limit of the worker in megabytes. A check that exceeds it is cut short. */
const HEAP_MB = 512;

/** Runs the checks in this thread. Their parsers and tables are loaded at the first call. */
async function runHere(task: CheckTask): Promise<StaticResult[]> {
  const { runStatic } = await import('./run.ts');
  return [...runStatic(task)];
}

interface Loss {
  readonly ending: 'deadline' | 'failed';
  readonly reason: string;
}

function endedResult(check: StaticCheckName, { ending, reason }: Loss, deadline: number): StaticResult {
  const message =
    ending === 'deadline'
      ? `The check took more than ${deadline / 1000} seconds and was cut short`
      : `The check could not be finished: ${reason}`;
  const outcome = { findings: [cutShort(check, message)], score: null, details: null };
  return { check, outcome, cut: true, took: deadline };
}

export class CheckThread {
  readonly #file: string | null;
  readonly #deadline: number;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** The end of the last task. Tasks run one after another, because a second worker would slow down the server. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: string | null = threadEntry('check-worker'), deadline = DEADLINE) {
    this.#file = file;
    this.#deadline = deadline;
  }

  /** Returns the results in the order of `task.checks`. The content of a message never causes a rejection. */
  run(task: CheckTask): Promise<StaticResult[]> {
    const file = this.#file;
    const results = this.#turn.then(async () => (file === null ? runHere(task) : this.#runAll(file, task)));
    this.#turn = results.catch(() => undefined);
    return results;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#end();
  }

  async #runAll(file: string, task: CheckTask): Promise<StaticResult[]> {
    const results: StaticResult[] = [];
    while (results.length < task.checks.length) {
      const checks = task.checks.slice(results.length);
      results.push(...(await this.#runOnce(file, { ...task, checks })));
    }
    this.#keepAWhile();
    return results;
  }

  /**
   * Runs a task in one worker. Returns all results or, when the worker is lost, those up to and including the lost
   * check.
   */
  async #runOnce(file: string, task: CheckTask): Promise<StaticResult[]> {
    clearTimeout(this.#idle);
    const worker = await this.#started(file);
    const raw = await copyOf(task.raw);
    const results: StaticResult[] = [];
    let current: StaticCheckName | undefined;
    let timer: NodeJS.Timeout | undefined;
    const over = new AbortController();
    const lost = await new Promise<Loss | null>((resolve) => {
      const hear = (message: WorkerMessage): void => {
        if (message.kind === 'result') results.push(message.result);
        if (message.kind === 'end') resolve(null);
        if (message.kind !== 'start') return;
        current = message.check;
        clearTimeout(timer);
        timer = setTimeout(() => resolve({ ending: 'deadline', reason: '' }), this.#deadline);
      };
      const fail = (error: Error): void => resolve({ ending: 'failed', reason: error.message });
      const exit = (): void => resolve({ ending: 'failed', reason: 'its thread ended' });
      worker.on('message', hear).on('error', fail).on('exit', exit);
      over.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        worker.off('message', hear).off('error', fail).off('exit', exit);
      });
      // The deadline of the first check includes the parsing of the message.
      current = task.checks[0];
      timer = setTimeout(() => resolve({ ending: 'deadline', reason: '' }), this.#deadline);
      worker.postMessage({ ...task, raw }, [raw.buffer]);
    });
    over.abort();
    const check = current ?? task.checks[0];
    if (lost !== null && check !== undefined) {
      results.push(endedResult(check, lost, this.#deadline));
      await this.#end();
    }
    return results;
  }

  async #started(file: string): Promise<Worker> {
    if (this.#worker !== undefined) {
      this.#worker.ref();
      return this.#worker;
    }
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    // `#runOnce` handles the error of a busy worker; the error of an idle worker is ignored.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    const [message] = (await once(worker, 'message')) as [WorkerMessage];
    if (message.kind !== 'ready')
      throw new Error('The thread of the checks sent an unexpected first message. Report this as a bug');
    this.#worker = worker;
    return worker;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #keepAWhile(): void {
    clearTimeout(this.#idle);
    // An idle worker does not keep the process running.
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.#end(), KEPT).unref();
  }
}
