/**
 * A pool of worker threads for work that may take long, depending on the content of a message: each job has a
 * deadline, and each thread has a memory limit. A job that exceeds its deadline or the memory limit ends its
 * thread and fails with a `JobError`; other jobs continue.
 *
 * When the program runs from its TypeScript source, there is no file that a thread could load; jobs then run in
 * the calling thread, without a deadline.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../bundle.ts';
import { JobError, transfersOf, type Job, type JobAnswer, type JobTask } from './job.ts';

export interface PoolOptions {
  /**
   * Path of the program that the worker threads run; by default the file beside the bundled program. With
   * `null`, jobs run in the calling thread.
   */
  readonly file?: string | null;
  /** The maximum number of worker threads. */
  readonly threads?: number;
  /** Maximum time that a job may run, in milliseconds, unless the job sets a deadline of its own. */
  readonly deadline?: number;
  /** The maximum size of a thread's JavaScript heap, in megabytes. */
  readonly heapMb?: number;
}

export interface JobOptions<Step = never> {
  /** Maximum time that the job may run, in milliseconds, from its start or from its last step (partial result). */
  readonly deadline?: number;
  /** The function that receives the steps (partial results) of the job. */
  readonly onStep?: (value: Step) => void;
  /** Signal that aborts the job. */
  readonly signal?: AbortSignal;
}

/**
 * Time after which an idle worker thread is ended, in milliseconds. Until then, the thread is reused, because
 * starting a thread takes a tenth of a second.
 */
const KEPT = 30_000;
const DEADLINE = 10_000;
const HEAP_MB = 512;
/**
 * The maximum number of waiting jobs. Further jobs are refused, because their callers would time out before the
 * jobs ran.
 */
const MAX_WAITING = 1_000;
/**
 * Returns the default number of worker threads: at least two, so that one slow message does not delay all
 * others.
 */
const defaultThreads = (): number => Math.min(4, Math.max(2, availableParallelism() - 1));

/** Returns the result of a promise, but rejects as soon as the signal aborts. */
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
  readonly onStep: (value: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /**
   * The function that rejects the promise of the job that the thread runs; `undefined` while the thread is
   * idle.
   */
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

  /** Whether jobs run in worker threads instead of the calling thread. */
  get isThreaded(): boolean {
    return this.#file !== null;
  }

  /**
   * Runs a job and returns its output. Rejects with a `JobError`, or with the signal's reason when the signal
   * aborts.
   *
   * @param input creates the input when the job starts, because inputs are large and many jobs may wait. The job
   *   owns the input: its buffers are transferred to the thread.
   */
  async run<Input, Output, Step = never>(
    job: Job<Input, Output, Step>,
    input: () => Input | Promise<Input>,
    { deadline = this.#deadline, onStep = () => undefined, signal }: JobOptions<Step> = {},
  ): Promise<Output> {
    signal?.throwIfAborted();
    if (this.#file === null) return orAborted((async () => job.run(await input(), onStep))(), signal);
    if (this.#closed) throw new JobError('failed', 'The server is stopping');
    if (this.#waiting.length >= MAX_WAITING)
      throw new JobError('busy', 'Too many messages are waiting to be read');
    return (await new Promise<unknown>((resolve, reject) => {
      const step = onStep as (value: unknown) => void;
      this.#waiting.push({ name: job.name, deadline, input, onStep: step, signal, resolve, reject });
      this.#next();
    })) as Output;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stopping = new JobError('failed', 'The server is stopping');
    for (const { reject } of this.#waiting.splice(0)) reject(stopping);
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, stopping)));
  }

  /** Assigns the jobs that wait to idle threads. */
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

  #give(thread: Thread, { name, input, onStep, deadline, signal, resolve, reject }: Waiting): void {
    const { worker } = thread;
    clearTimeout(thread.idle);
    worker.ref();
    const end = (error: Error): void => void this.#end(thread, error);
    // The time limit of the job is measured from the start of the job: the time in which the thread starts and
    // loads the code is not included.
    let timer: NodeJS.Timeout | undefined;
    const startTimer = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        end(new JobError('deadline', `it took more than ${deadline / 1000} seconds`));
      }, deadline);
    };
    const abort = (): void => end(signal?.reason as Error);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      worker.off('message', take);
      thread.fail = undefined;
    };
    const take = (answer: JobAnswer): void => {
      if (answer.kind === 'start' || answer.kind === 'step') {
        startTimer();
        if (answer.kind === 'step') onStep(answer.value);
        return;
      }
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

  /**
   * Marks a worker thread as idle: an idle thread does not keep the process running, and is ended after `KEPT`
   * milliseconds.
   */
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
