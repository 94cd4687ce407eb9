/**
 * Jobs: functions that can run in a worker thread. The main thread and the worker thread identify a job by its
 * name.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Job<Input, Output, Step = never> {
  readonly name: string;
  /**
   * Runs the job. Its input, its steps (partial results) and its output are sent between threads, so they must
   * be cloneable by structured clone.
   *
   * @param step reports a partial result; absent if the caller does not need partial results. The deadline of
   * the job is measured from its last step.
   */
  run(input: Input, step?: (value: Step) => void): Output | Promise<Output>;
}

/**
 * The reason why a job has no result: `deadline` for a job that took too long, `failed` for an error or too
 * little memory, `busy` when too many jobs were waiting.
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

/** The message that the main thread sends to a worker thread to run a job. */
export interface JobTask {
  readonly job: string;
  readonly input: unknown;
}

/**
 * A message that a worker thread sends for a `JobTask`: first `start`, then any number of steps, and at the end
 * a result or an error.
 */
export type JobAnswer =
  /** The message that is sent when the job starts, after the code of the job has been loaded. */
  | { readonly kind: 'start' }
  | { readonly kind: 'step'; readonly value: unknown }
  | { readonly kind: 'result'; readonly output: unknown }
  | { readonly kind: 'error'; readonly message: string };

/** Maximum number of octets that are copied in one turn of the event loop. */
const COPIED_AT_ONCE = 4 << 20;

/**
 * Returns a copy of bytes, which can be transferred to the thread of a job. A large array is copied in pieces,
 * so that the event loop is not blocked.
 */
export async function copyOf(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += COPIED_AT_ONCE) {
    if (at > 0) await nextTurn();
    copy.set(bytes.subarray(at, at + COPIED_AT_ONCE), at);
  }
  return copy;
}

/**
 * Returns bytes that a thread can transfer: a copy if the bytes are a view of the memory of `source`, otherwise the
 * bytes themselves.
 */
export const ownBytes = (bytes: Uint8Array, source: Uint8Array): Uint8Array =>
  bytes.buffer === source.buffer ? new Uint8Array(bytes) : bytes;

const isOwner = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array &&
  value.buffer instanceof ArrayBuffer &&
  value.length === value.buffer.byteLength;

/**
 * Returns the buffers that are transferred to the other thread instead of copied: the buffer of the value itself,
 * or the buffers of its properties.
 */
export function transfersOf(value: unknown): ArrayBuffer[] {
  if (isOwner(value)) return [value.buffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .filter(isOwner)
    .map(({ buffer }) => buffer);
}
