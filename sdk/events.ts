/**
 * The event stream by SSE over `fetch`, as an async iterator. After a lost connection, the stream resumes from the last seq
 * received, so no event is missed; if the server no longer has the events since then, its `hello` event says so.
 */
import type { Event } from '../contract/index.ts';
import { rest } from './ask.ts';

export interface EventOptions {
  readonly account?: string;
  readonly query?: string;
  /** Resume after this seq; from now on when absent. */
  readonly since?: number;
  readonly signal?: AbortSignal;
  /** Called with the state of the connection when it changes. */
  readonly onConnection?: (connected: boolean) => void;
}

export type EventStream = AsyncGenerator<Event, void, void>;

type Open = (parameters: Record<string, string | number | undefined>, init: RequestInit) => Promise<Response>;

/** Milliseconds before the first new attempt; each further one waits twice as long, up to the limit. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** Milliseconds of silence after which the connection counts as lost; the server sends something every 20 s. */
const SILENCE = 60_000;

export async function* streamEvents(open: Open, options: EventOptions): EventStream {
  const { account, query, onConnection } = options;
  const ended = options.signal ?? new AbortController().signal;
  let since = options.since;
  let pause = FIRST_PAUSE;
  while (!isAborted(ended)) {
    const silence = new AbortController();
    const signal = AbortSignal.any([ended, silence.signal]);
    try {
      const response = await open(
        { account, query, since },
        { headers: { accept: 'text/event-stream' }, signal },
      );
      onConnection?.(true);
      pause = FIRST_PAUSE;
      for await (const event of readEvents(response, () => silence.abort())) {
        since = event.seq;
        yield event;
      }
    } catch (error) {
      if (isAborted(ended)) return;
      // The server would refuse a repeated request, too; only a lost connection is worth another attempt.
      if (error instanceof Error && 'status' in error && Number(error.status) < 500) throw error;
    }
    onConnection?.(false);
    await rest(pause, [ended]);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** @param giveUp called after `SILENCE` without data */
async function* readEvents(response: Response, giveUp: () => void): AsyncGenerator<Event> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for (;;) {
      const timer = setTimeout(giveUp, SILENCE);
      const { done, value } = (await reader.read().finally(() => clearTimeout(timer))) as {
        done: boolean;
        value?: Uint8Array;
      };
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        const lines = block.split('\n');
        // The server is about to end the connection; this block is no event.
        if (lines.includes('event: end')) return;
        const data = lines
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trimStart());
        if (data.length > 0) yield JSON.parse(data.join('\n')) as Event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
