/**
 * A few threads for work that may take long because of what a message holds: each job has a deadline, each thread a
 * limit on its memory. A job that exceeds one of them ends its thread and fails with a `JobError`; the others go on.
 *
 * Where the program runs from its TypeScript source there is no file that a thread could load; jobs then run in the
 * calling thread, without a deadline.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../bundle.ts';
import { JobError, transfersOf, type Job, type JobAnswer, type JobTask } from './job.ts';

export interface PoolOptions {
  /** Entry of the threads; by default the one beside the bundled program, `null` for none. */
  readonly file?: string | null;
  /** Threads at most. */
  readonly threads?: number;
  /** Milliseconds a job may take unless it says otherwise. */
  readonly deadline?: number;
  /** Megabytes of JavaScript objects that a thread may hold. */
  readonly heapMb?: number;
}

export interface JobOptions {
  /** Milliseconds from the job's start. */
  readonly deadline?: number;
  /** Ends the job. */
  readonly signal?: AbortSignal;
}

/** Milliseconds that an idle thread is kept: starting one takes a tenth of a second. */
const KEPT = 30_000;
const DEADLINE = 10_000;
const HEAP_MB = 512;
/** Jobs that may wait: more are refused, as their callers would give up before. */
const MAX_WAITING = 1_000;
/** Two at least, so that one slow message does not hold up all others. */
const defaultThreads = (): number => Math.min(4, Math.max(2, availableParallelism() - 1));

/** Rejects when the signal aborts, whatever becomes of the promise. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true, signal: over.signal });
  });
  return Promise.race([promise, aborted]).finally(() => over.abort());
}

interface Waiting {
  readonly name: string;
  readonly deadline: number;
  readonly input: () => unknown;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Settles the job that it runs; absent while it is idle. */
  fail: ((error: Error) => void) | undefined;
  idle: NodeJS.Timeout | undefined;
}

export class ThreadPool {
  readonly #file: string | null;
  readonly #limit: number;
  readonly #deadline: number;
  readonly #heapMb: number;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(options: PoolOptions = {}) {
    const { file = threadEntry('job-worker'), threads = defaultThreads() } = options;
    this.#file = file;
    this.#limit = threads;
    this.#deadline = options.deadline ?? DEADLINE;
    this.#heapMb = options.heapMb ?? HEAP_MB;
  }

  /** Whether jobs run in threads of their own, or in the caller's. */
  get isThreaded(): boolean {
    return this.#file !== null;
  }

  /**
   * The job's output. Rejects with a `JobError`; with the signal's reason when that aborts.
   * @param input makes the input when the job starts, as inputs are large and many jobs may wait. The job owns it:
   * its buffers are handed over to the thread.
   */
  async run<Input, Output>(
    job: Job<Input, Output>,
    input: () => Input | Promise<Input>,
    { deadline = this.#deadline, signal }: JobOptions = {},
  ): Promise<Output> {
    signal?.throwIfAborted();
    if (this.#file === null) return orAborted((async () => job.run(await input()))(), signal);
    if (this.#closed) throw new JobError('failed', 'The server is stopping');
    if (this.#waiting.length >= MAX_WAITING) throw new JobError('busy', 'Too many messages are being read');
    return (await new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ name: job.name, deadline, input, signal, resolve, reject });
      this.#next();
    })) as Output;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stopping = new JobError('failed', 'The server is stopping');
    for (const { reject } of this.#waiting.splice(0)) reject(stopping);
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, stopping)));
  }

  /** Gives waiting jobs to threads that have none. */
  #next(): void {
    while (this.#waiting.length > 0) {
      const thread = [...this.#threads].find(({ fail }) => fail === undefined) ?? this.#start();
      if (thread === undefined) return;
      const [waiting] = this.#waiting.splice(0, 1);
      if (waiting !== undefined) this.#give(thread, waiting);
    }
  }

  #start(): Thread | undefined {
    if (this.#file === null || this.#threads.size >= this.#limit) return undefined;
    const worker = new Worker(this.#file, { resourceLimits: { maxOldGenerationSizeMb: this.#heapMb } });
    const thread: Thread = { worker, fail: undefined, idle: undefined };
    this.#threads.add(thread);
    let reason = 'its thread ended';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => void this.#end(thread, new JobError('failed', reason)));
    return thread;
  }

  #give(thread: Thread, { name, input, deadline, signal, resolve, reject }: Waiting): void {
    const { worker } = thread;
    clearTimeout(thread.idle);
    worker.ref();
    const end = (error: Error): void => void this.#end(thread, error);
    const timer = setTimeout(() => {
      end(new JobError('deadline', `it took more than ${deadline / 1000} seconds`));
    }, deadline);
    const abort = (): void => end(signal?.reason as Error);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      worker.off('message', take);
      thread.fail = undefined;
    };
    const take = (answer: JobAnswer): void => {
      settle();
      if (answer.kind === 'result') resolve(answer.output);
      else reject(new JobError('failed', answer.message));
      this.#rest(thread);
      this.#next();
    };
    thread.fail = (error) => {
      settle();
      reject(error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('message', take);
    if (signal?.aborted === true) abort();
    else void this.#post(thread, name, input);
  }

  async #post(thread: Thread, job: string, input: () => unknown): Promise<void> {
    try {
      const task: JobTask = { job, input: await input() };
      thread.worker.postMessage(task, transfersOf(task.input));
    } catch (error) {
      await this.#end(thread, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** An idle thread holds no process back, and ends after a while. */
  #rest(thread: Thread): void {
    thread.worker.unref();
    thread.idle = setTimeout(() => void this.#end(thread, new Error('idle')), KEPT).unref();
  }

  async #end(thread: Thread, error: Error): Promise<void> {
    if (!this.#threads.delete(thread)) return;
    clearTimeout(thread.idle);
    thread.fail?.(error);
    this.#next();
    await thread.worker.terminate();
  }
}
