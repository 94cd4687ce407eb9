/** Jobs: functions that may run in a worker thread. Both threads know a job by its name. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Job<Input, Output, Step = never> {
  readonly name: string;
  /**
   * Runs the job. Its input, its steps and its output must be cloneable by structured clone, as they are sent between
   * threads.
   *
   * @param step reports a partial result; absent if the caller does not need it. The deadline of the job counts from
   *   its last step.
   */
  run(input: Input, step?: (value: Step) => void): Output | Promise<Output>;
}

/**
 * The reason why a job has no result: `deadline` for a job that was too slow, `failed` for an error or too little
 * memory, `busy` when too many jobs were waiting.
 */
export type JobFailure = 'deadline' | 'failed' | 'busy';

export class JobError extends Error {
  override readonly name = 'JobError';
  readonly failure: JobFailure;

  constructor(failure: JobFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** The message with which the main thread gives a job to a worker thread. */
export interface JobTask {
  readonly job: string;
  readonly input: unknown;
}

/** A reply of a worker to a `JobTask`. After `start` and the steps, a result or an error is the last one. */
export type JobAnswer =
  /** The code of the job is loaded and the job runs now. */
  | { readonly kind: 'start' }
  | { readonly kind: 'step'; readonly value: unknown }
  | { readonly kind: 'result'; readonly output: unknown }
  | { readonly kind: 'error'; readonly message: string };

/** Number of octets that are copied in one turn of the event loop. */
const COPIED_AT_ONCE = 4 << 20;

/**
 * Returns a copy of bytes that a job may own. A large array is copied in pieces, so that the event loop is not
 * blocked.
 */
export async function copyOf(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += COPIED_AT_ONCE) {
    if (at > 0) await nextTurn();
    copy.set(bytes.subarray(at, at + COPIED_AT_ONCE), at);
  }
  return copy;
}

const isOwner = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array &&
  value.buffer instanceof ArrayBuffer &&
  value.length === value.buffer.byteLength;

/**
 * Returns the buffers of a value that are transferred to the other thread instead of copied: the value's own
 * buffer, or those of its properties.
 */
export function transfersOf(value: unknown): ArrayBuffer[] {
  if (isOwner(value)) return [value.buffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .filter(isOwner)
    .map(({ buffer }) => buffer);
}
