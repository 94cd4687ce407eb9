/**
 * The event stream as the page needs it: by WebSocket, since a browser allows only six SSE streams to a host over
 * all its tabs; by the sdk's SSE where WebSockets do not get through. A lost connection is made again from the
 * last seq seen, so nothing is missed. Events come in batches, so that a burst costs a few renderings, not thousands.
 */
import type { Event } from '../contract/index.ts';
import { client } from './client.ts';

export interface StreamOptions {
  readonly account?: string;
  readonly query?: string;
  /** Resume after this seq; from now on when absent. */
  readonly since?: number;
  readonly onEvents: (events: readonly Event[]) => void;
  readonly onConnection?: (connected: boolean) => void;
}

/** Milliseconds between batches: a frame or two. */
const BATCH = 30;
/** Milliseconds before the first new attempt; each further one waits twice as long, up to the limit. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;
/** Attempts that never open, after which WebSockets are taken to be blocked. */
const BLOCKED_AFTER = 4;

/** Opens a stream; returns what closes it. */
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

  /** One WebSocket until it ends; whether it ever opened. */
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

/** Ends early when the network comes back or the reader looks at the page again. */
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
