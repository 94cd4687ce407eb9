/**
 * Runs static checks beside the server: in a worker that is kept while it is used, with a deadline for each check.
 * A check that exceeds it, or brings the worker down, costs its own result and nothing else: the worker is ended and
 * the checks after it run in a new one.
 *
 * Where the program runs from its TypeScript source there is no file that a worker could load; checks then run in
 * this thread, without a deadline.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../bundle.ts';
import { copyOf } from '../thread/job.ts';
import type { StaticCheckName } from './check.ts';
import { cutShort } from './cut-short.ts';
import type { CheckTask, StaticResult } from './run.ts';
import type { WorkerMessage } from './worker.ts';

/** Milliseconds a check may take. */
const DEADLINE = 2_000;
/** Milliseconds a worker is kept for the next message: to start one takes a fifth of a second. */
const KEPT = 60_000;
/** A message that makes a check need more than this is cut off. */
const HEAP_MB = 512;

/** Loaded when it is needed: the checks bring parsers and tables along. */
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
  /** Tasks run one after another: a second worker would take the processor from the server. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: string | null = threadEntry('check-worker'), deadline = DEADLINE) {
    this.#file = file;
    this.#deadline = deadline;
  }

  /** The results in the order of `task.checks`. Never rejects for what a message holds. */
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

  /** As many results as one worker gives: all, or those up to the check that it was lost with. */
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
      // Parsing, which comes before the first check, is part of its time.
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
    // Lost workers are noticed where they are waited for; one that nobody waits for is no loss.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    const [message] = (await once(worker, 'message')) as [WorkerMessage];
    if (message.kind !== 'ready') throw new Error('The thread of the checks said something else first');
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
    // An idle worker holds no process back.
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.#end(), KEPT).unref();
  }
}
