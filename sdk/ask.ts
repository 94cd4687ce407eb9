/**
 * Repeats a request while the server cannot be reached, so that a wait for mail survives a restart of the
 * server and a broken connection. A request that the server refuses is not repeated.
 */
import { RestanteError, SandboxLostError } from './errors.ts';

export interface Patience {
  /** The root URL of the server, for the error text. */
  readonly url: string;
  /**
   * The abort signals of the caller and of the sandbox; when one of them aborts, the request is not attempted
   * again.
   */
  readonly signals: readonly AbortSignal[];
}

/**
 * The pause before the second attempt in milliseconds; it doubles with each further attempt, up to
 * `LONGEST_PAUSE`.
 */
const FIRST_PAUSE = 25;
const LONGEST_PAUSE = 1_000;
/**
 * The time that the client waits for the response after the requested timeout has expired, in milliseconds. A
 * server that has not responded after this time is considered lost.
 */
const GRACE = 5_000;
/** The HTTP status codes of a server that is stopping, and of a proxy that cannot reach its server. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Sends a request, repeatedly if needed, and resolves with the response. The last attempt starts at the time
 * `until`, a value of `performance.now()`. Rejects with the reason of a signal that aborted, with the
 * server's refusal, or with `SandboxLostError`.
 *
 * @param request sends the request; it receives the remaining milliseconds, and a signal that ends the
 *   attempt
 */
export async function ask<T>(
  { url, signals }: Patience,
  until: number,
  request: (left: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    for (const signal of signals) signal.throwIfAborted();
    const left = Math.max(0, until - performance.now());
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('no answer')), left + GRACE);
    try {
      return await request(left, AbortSignal.any([...signals, late.signal]));
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

/** Resolves after `milliseconds`, or when a signal aborts. */
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

/** Returns a signal that aborts when the first of two signals aborts. */
export const eitherOf = (own: AbortSignal | undefined, other: AbortSignal): AbortSignal =>
  own === undefined ? other : AbortSignal.any([ofPlatform(own), other]);

/**
 * Returns a signal of the platform that aborts together with the given signal. The given signal may belong to
 * a simulated DOM; the platform's `fetch` refuses such a signal.
 */
export function ofPlatform(signal: AbortSignal): AbortSignal {
  const foreign: Pick<AbortSignal, 'aborted' | 'reason' | 'addEventListener'> = signal;
  if (signal instanceof AbortSignal) return signal;
  if (foreign.aborted) return AbortSignal.abort(foreign.reason);
  const controller = new AbortController();
  foreign.addEventListener('abort', () => controller.abort(foreign.reason), { once: true });
  return controller.signal;
}
