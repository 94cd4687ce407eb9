/**
 * The event stream of the page. It uses a WebSocket, because a browser allows only six SSE streams to a host over all
 * its tabs; if WebSockets are blocked, it uses the SSE stream of the SDK. A lost connection is reopened from the last
 * seq received, so that no event is lost. Events are passed on in batches, so that a burst of events causes a few
 * renderings, not thousands.
 */
import type { Event } from '../contract/index.ts';
import { client } from './client.ts';

export interface StreamOptions {
  readonly account?: string;
  readonly query?: string;
  /** The stream starts after this seq; if absent, it starts with the next event. */
  readonly since?: number;
  readonly onEvents: (events: readonly Event[]) => void;
  readonly onConnection?: (connected: boolean) => void;
}

/** Milliseconds between two batches: one or two frames. */
const BATCH = 30;
/**
 * Milliseconds before the first reconnection attempt; the pause doubles with each further attempt, up to the limit.
 */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;
/** Number of consecutive failed attempts after which WebSockets are considered blocked. */
const BLOCKED_AFTER = 4;

/** Opens a stream; returns a function that closes it. */
export function openStream(options: StreamOptions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let since = options.since;
  let batch: Event[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (event: Event): void => {
    since = event.seq;
    batch.push(event);
    timer ??= setTimeout(() => {
      const events = batch;
      batch = [];
      timer = undefined;
      if (!signal.aborted) options.onEvents(events);
    }, BATCH);
  };
  const tell = (connected: boolean): void => {
    if (!signal.aborted) options.onConnection?.(connected);
  };
  const scope = () => ({
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.query === undefined || options.query === '' ? {} : { query: options.query }),
    ...(since === undefined ? {} : { since }),
  });

  void run();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };

  async function run(): Promise<void> {
    let pause = FIRST_PAUSE;
    let failures = 0;
    while (!signal.aborted) {
      const opened = await follow();
      tell(false);
      failures = opened ? 0 : failures + 1;
      if (failures >= BLOCKED_AFTER && (await httpWorks())) return followBySse();
      pause = opened ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      await sleep(pause, signal);
    }
  }

  /** Follows one WebSocket until it is closed; resolves with whether it was ever open. */
  function follow(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = new WebSocket(client.address('events', scope()).replace(/^http/, 'ws'));
      let opened = false;
      const close = (): void => socket.close();
      signal.addEventListener('abort', close);
      socket.onopen = () => {
        opened = true;
        tell(true);
      };
      socket.onmessage = ({ data }) => take(JSON.parse(String(data)) as Event);
      socket.onclose = () => {
        signal.removeEventListener('abort', close);
        resolve(opened);
      };
    });
  }

  async function followBySse(): Promise<void> {
    for await (const event of client.events({ ...scope(), signal, onConnection: tell })) take(event);
  }
}

const httpWorks = (): Promise<boolean> =>
  client.info().then(
    () => true,
    () => false,
  );

/** Waits for a time. The wait ends early when the network is available again or the page becomes visible. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    signal.addEventListener('abort', wake);
  });
}
