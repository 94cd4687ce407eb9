/**
 * The event stream as an async iterator: server-sent events that are received with `fetch`. After a lost
 * connection, the stream resumes from the last sequence number received, so no event is missed. If the server
 * no longer stores the events since that number, the `hello` event reports this.
 */
import type { Event } from '../contract/index.ts';
import { ofPlatform, rest } from './ask.ts';

export interface EventOptions {
  readonly account?: string;
  readonly query?: string;
  /**
   * The sequence number after which the stream starts or resumes; if absent, the stream starts with the next
   * event.
   */
  readonly since?: number;
  readonly signal?: AbortSignal;
  /**
   * The function that is called when the connection to the event stream is established (`true`) or lost
   * (`false`).
   */
  readonly onConnection?: (connected: boolean) => void;
}

export type EventStream = AsyncGenerator<Event, void, void>;

type Open = (parameters: Record<string, string | number | undefined>, init: RequestInit) => Promise<Response>;

/**
 * The pause before the first reconnection in milliseconds; it doubles with each further attempt, up to
 * `LONGEST_PAUSE`.
 */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/**
 * The time without data after which the connection is considered lost, in milliseconds; the server sends data
 * every 20 seconds.
 */
const SILENCE = 60_000;

export async function* streamEvents(open: Open, options: EventOptions): EventStream {
  const { account, query, onConnection } = options;
  const ended = options.signal === undefined ? new AbortController().signal : ofPlatform(options.signal);
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
      // If the server refused the request, it would refuse a repeated request, too; another attempt is useful
      // only after a lost connection.
      if (error instanceof Error && 'status' in error && Number(error.status) < 500) throw error;
    }
    onConnection?.(false);
    await rest(pause, [ended]);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/**
 * Parses the events in a response of the event stream.
 * @param giveUp called when no data arrives for `SILENCE` milliseconds
 */
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
        // With the block `event: end`, the server announces that it closes the connection; the block is not an
        // event.
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
