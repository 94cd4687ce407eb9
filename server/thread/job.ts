/** Work that may run in another thread: a name that both sides know, and the function itself. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Job<Input, Output> {
  readonly name: string;
  /** Input and output can be cloned to another thread (structured clone). */
  run(input: Input): Output | Promise<Output>;
}

/** Why a job gave no result: too slow, out of memory or otherwise broken, or too many jobs before it. */
export type JobFailure = 'deadline' | 'failed' | 'busy';

export class JobError extends Error {
  override readonly name = 'JobError';
  readonly failure: JobFailure;

  constructor(failure: JobFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** The main thread's message to a worker. */
export interface JobTask {
  readonly job: string;
  readonly input: unknown;
}

/** A worker's answer to a `JobTask`. */
export type JobAnswer =
  | { readonly kind: 'result'; readonly output: unknown }
  | { readonly kind: 'error'; readonly message: string };

/** Octets copied in one turn of the event loop. */
const COPIED_AT_ONCE = 4 << 20;

/** A copy of bytes that a job may own. Large ones are copied piece by piece, so that others get their turn. */
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

/** The buffers that a value hands over instead of copying them: its own, or those of its properties. */
export function transfersOf(value: unknown): ArrayBuffer[] {
  if (isOwner(value)) return [value.buffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .filter(isOwner)
    .map(({ buffer }) => buffer);
}
