/**
 * The event stream of the page. It uses a WebSocket, because a browser allows only six SSE streams to a host
 * over all its tabs; if a proxy blocks WebSockets, the SSE stream of the SDK is used. A lost connection is
 * reopened from the last sequence number received, so that no event is lost. Events are passed on in batches,
 * so that a burst of events causes a few renderings, not thousands.
 */
import type { Event } from '../contract/index.ts';
import { checkAccess, client } from './client.ts';

export interface StreamOptions {
  readonly account?: string;
  readonly query?: string;
  /** The sequence number after which the stream starts; if absent, the stream starts with the next event. */
  readonly since?: number;
  readonly onEvents: (events: readonly Event[]) => void;
  readonly onConnection?: (connected: boolean) => void;
}

/** The time between two batches of events in milliseconds: one or two frames of the display. */
const BATCH = 30;
/**
 * The pause before the first reconnection attempt in milliseconds; it doubles with each further attempt, up
 * to the limit.
 */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;
/** The time after which a WebSocket that is still not open is considered blocked, in milliseconds. */
const OPENING = 10_000;

/** Opens an event stream; returns a function that closes the stream. */
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
    while (!signal.aborted) {
      const opened = (await follow()) || (await followOtherwise());
      tell(false);
      pause = opened ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      await sleep(pause, signal);
    }
  }

  /**
   * Follows the event stream after a WebSocket could not be opened; resolves with true if a connection was ever
   * open. If HTTP works, the WebSocket is tried once more, because the server may just have started. If that
   * fails, too, WebSockets are blocked, and the SSE stream is used.
   */
  async function followOtherwise(): Promise<boolean> {
    // The page checks whether the server refuses the page, because a failed WebSocket reports no reason.
    void checkAccess();
    return (await httpWorks()) && ((await follow()) || (await followBySse()));
  }

  /**
   * Follows the events of one WebSocket until it is closed; resolves with true if the WebSocket was ever open.
   */
  function follow(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = new WebSocket(client.address('events', scope()).replace(/^http/, 'ws'));
      let opened = false;
      const close = (): void => socket.close();
      const late = setTimeout(close, OPENING);
      signal.addEventListener('abort', close);
      socket.onopen = () => {
        opened = true;
        clearTimeout(late);
        tell(true);
      };
      socket.onmessage = ({ data }) => take(JSON.parse(String(data)) as Event);
      socket.onclose = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', close);
        resolve(opened);
      };
    });
  }

  /** Follows the events of one SSE stream until it ends; resolves with true if the stream was ever open. */
  async function followBySse(): Promise<boolean> {
    const ended = new AbortController();
    let opened = false;
    const onConnection = (connected: boolean): void => {
      opened ||= connected;
      if (connected) tell(true);
      else ended.abort();
    };
    const events = client.events({
      ...scope(),
      signal: AbortSignal.any([signal, ended.signal]),
      onConnection,
    });
    try {
      for await (const event of events) take(event);
    } catch {
      // The error is ignored: the server refused the event stream, and the caller tries again after a pause.
    }
    return opened;
  }
}

const httpWorks = (): Promise<boolean> =>
  client.info().then(
    () => true,
    () => false,
  );

/**
 * Waits for the given time. The wait ends early when the network is available again or the page becomes
 * visible.
 */
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
