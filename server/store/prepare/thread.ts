/**
 * A thread that prepares messages. What is asked in one turn of the loop goes to it as one batch. It is started when
 * needed and kept a while; when it ends, what it was asked is answered with `null`, and the next question starts
 * another.
 */
import { Worker } from 'node:worker_threads';
import type { AnswerBatch, PrepareAnswer, PrepareTask, ThreadWorld } from './task.ts';

/** Milliseconds that an idle thread is kept: then its memory is given back. */
const KEPT = 10_000;

interface Question {
  readonly task: PrepareTask;
  readonly raw: Buffer;
  readonly resolve: (answer: PrepareAnswer) => void;
}

export class PrepareThread {
  readonly #file: string;
  readonly #world: ThreadWorld;
  #worker: Worker | undefined;
  /** Of this turn. */
  #batch: Question[] = [];
  /** Batches without an answer as yet, by their number. */
  readonly #asked = new Map<number, readonly Question[]>();
  #sent = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(file: string, world: ThreadWorld) {
    this.#file = file;
    this.#world = world;
  }

  /** Never rejects. */
  prepare(task: PrepareTask, raw: Buffer): Promise<PrepareAnswer> {
    return new Promise((resolve) => {
      if (this.#batch.length === 0) setImmediate(() => this.#send());
      this.#batch.push({ task, raw, resolve });
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #send(): void {
    const batch = this.#batch;
    this.#batch = [];
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    // Waiting for an answer holds the process, an idle thread does not.
    if (this.#asked.size === 0) this.#worker.ref();
    const number = ++this.#sent;
    this.#asked.set(number, batch);
    const tasks = JSON.stringify(batch.map(({ task }) => task));
    const octets = new Uint8Array(batch.reduce((sum, { raw }) => sum + raw.length, 0));
    let filled = 0;
    for (const { raw } of batch) {
      octets.set(raw, filled);
      filled += raw.length;
    }
    this.#worker.postMessage({ number, tasks, octets }, [octets.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#world });
    worker.on('message', (batch: AnswerBatch) => {
      const questions = this.#asked.get(batch.number) ?? [];
      this.#asked.delete(batch.number);
      if (this.#asked.size === 0) {
        worker.unref();
        this.#idle = setTimeout(() => void this.close(), KEPT).unref();
      }
      answer(questions, batch);
    });
    // Whoever asked does it for itself, and meets the reason there.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      const asked = [...this.#asked.values()].flat();
      this.#asked.clear();
      for (const { resolve } of asked) resolve(null);
    });
    return worker;
  }
}

function answer(questions: readonly Question[], { answers, columns }: AnswerBatch): void {
  let taken = 0;
  for (const [i, { resolve }] of questions.entries()) {
    const [summary, detail, length] = answers[i] ?? [];
    if (summary === undefined || detail === undefined || length === undefined) {
      resolve(null);
    } else {
      resolve({ summary, detail, signature: columns.subarray(taken, taken + length) });
      taken += length;
    }
  }
}
