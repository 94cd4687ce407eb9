/**
 * Asking a server that may be away for a moment: one that restarts, or a connection that breaks, costs a wait time
 * and not its result. A refusal stays one however often it is asked.
 */
import { RestanteError, SandboxLostError } from './errors.ts';

export interface Patience {
  /** Root of the server, for the error. */
  readonly url: string;
  /** The caller's own end, and the sandbox's. */
  readonly signals: readonly AbortSignal[];
}

/** Milliseconds before the second attempt; each further one waits twice as long, up to the limit. */
const FIRST_PAUSE = 25;
const LONGEST_PAUSE = 1_000;
/** Milliseconds that an answer may be late before the server counts as lost. */
const GRACE = 5_000;
/** Answers of a server that is stopping, and of a proxy whose server is not there. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Resolves with the answer to `question`, asked for the last time when `until` has come (by `performance.now()`).
 * Rejects with the reason of a signal, with a refusal, or with `SandboxLostError`.
 *
 * @param question is told how many milliseconds are left, and when to give up
 */
export async function ask<T>(
  { url, signals }: Patience,
  until: number,
  question: (left: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    for (const signal of signals) signal.throwIfAborted();
    const left = Math.max(0, until - performance.now());
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('no answer')), left + GRACE);
    try {
      return await question(left, AbortSignal.any([...signals, late.signal]));
    } catch (error) {
      for (const signal of signals) signal.throwIfAborted();
      if (error instanceof RestanteError && !AWAY.has(error.status)) throw error;
      if (left === 0) throw new SandboxLostError(url, error);
    } finally {
      clearTimeout(timer);
    }
    await rest(Math.min(pause, Math.max(0, until - performance.now())), signals);
  }
}

/** Resolves after so many milliseconds, or when a signal says so. */
export function rest(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    for (const signal of signals) {
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    }
  });
}

/** A signal that aborts with the first of two. */
export const eitherOf = (own: AbortSignal | undefined, other: AbortSignal): AbortSignal =>
  own === undefined ? other : AbortSignal.any([own, other]);
