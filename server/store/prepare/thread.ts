/**
 * A thread that prepares messages. It is started when needed and kept a while; when it ends, what it was asked is
 * answered with `null`, and the next question starts another.
 */
import { Worker } from 'node:worker_threads';
import type { MessageId } from '../ids.ts';
import type { PrepareAnswer, Prepared, PrepareTask, ThreadWorld } from './task.ts';

/** Milliseconds that an idle thread is kept: then its memory is given back. */
const KEPT = 10_000;

/** A thread with what it was asked and has not answered: one that ends must not answer for its successor. */
interface Running {
  readonly worker: Worker;
  readonly asked: Map<MessageId, (prepared: Prepared | null) => void>;
}

export class PrepareThread {
  readonly #file: string;
  readonly #world: ThreadWorld;
  #running: Running | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(file: string, world: ThreadWorld) {
    this.#file = file;
    this.#world = world;
  }

  /** Never rejects. */
  prepare(task: PrepareTask): Promise<Prepared | null> {
    clearTimeout(this.#idle);
    this.#running ??= this.#start();
    const { worker, asked } = this.#running;
    // Waiting for an answer holds the process, an idle thread does not.
    if (asked.size === 0) worker.ref();
    return new Promise((resolve) => {
      asked.set(task.id, resolve);
      worker.postMessage(task, [task.raw.buffer]);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }

  #start(): Running {
    const worker = new Worker(this.#file, { workerData: this.#world });
    const running: Running = { worker, asked: new Map() };
    const { asked } = running;
    worker.on('message', ({ id, prepared }: PrepareAnswer) => {
      asked.get(id)?.(prepared);
      asked.delete(id);
      if (asked.size > 0) return;
      worker.unref();
      this.#idle = setTimeout(() => void this.close(), KEPT).unref();
    });
    // Whoever asked does it for itself, and meets the reason there.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#running === running) this.#running = undefined;
      for (const resolve of asked.values()) resolve(null);
    });
    return running;
  }
}
