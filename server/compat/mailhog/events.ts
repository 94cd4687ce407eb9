/** MailHog's events: each new message as a message object, over server-sent events or a WebSocket. */
import { Readable } from 'node:stream';
import type { WebSocket } from '@fastify/websocket';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { AccountName } from '../../store/ids.ts';
import type { CompatDeps, Handler } from '../call.ts';
import { readMessage } from './message.ts';

/** The time between two keep-alive messages in milliseconds. */
const HEARTBEAT = 60_000;
/** The number of octets that may be buffered for a client; a slower client is disconnected. */
const MAX_BUFFERED = 64_000_000;

/**
 * Calls `send` with the JSON of each message that is added to an account, in the order of arrival, until the returned
 * function is called. Calls `fail` when a message cannot be read.
 */
function follow(
  deps: CompatDeps,
  account: AccountName,
  send: (json: string) => void,
  fail: () => void,
): () => void {
  const queue = new SerialQueue();
  return deps.store.changes.subscribe((change) => {
    if (change.kind !== 'message-added') return;
    queue
      .run(async () => {
        const listed = await deps.store.messages.listed(change.message, account);
        const message = listed === undefined ? undefined : await readMessage(deps, listed);
        if (message !== undefined) send(JSON.stringify(message));
      })
      .catch((error: unknown) => {
        deps.logger.error({ err: error }, 'mailhog: an event stream failed');
        fail();
      });
  });
}

export const streamEvents: Handler = async (deps, { account, closing }) => {
  const stream = new Readable({ read: () => undefined });
  const stop = follow(
    deps,
    account,
    (json) => {
      if (stream.readableLength > MAX_BUFFERED) stream.destroy();
      else stream.push(`data: ${json}\n\n`);
    },
    () => stream.destroy(),
  );
  const heartbeat = setInterval(() => stream.push('keepalive: \n\n'), HEARTBEAT);
  const end = (): void => void stream.push(null);
  closing.addEventListener('abort', end, { once: true });
  stream.once('close', () => {
    closing.removeEventListener('abort', end);
    clearInterval(heartbeat);
    stop();
  });
  // The first octets are sent at once, because the header of the response is sent together with them.
  stream.push(': connected\n\n');
  return { type: 'text/event-stream', headers: { 'cache-control': 'no-cache' }, body: stream };
};

/** Sends the new messages of an account until the client or the server closes the WebSocket. */
export function streamSocket(deps: CompatDeps, socket: WebSocket, account: AccountName): void {
  let isAlive = true;
  const stop = follow(
    deps,
    account,
    (json) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_BUFFERED) socket.terminate();
      else socket.send(json);
    },
    () => socket.terminate(),
  );
  const pings = setInterval(() => {
    if (isAlive) socket.ping();
    else socket.terminate();
    isAlive = false;
  }, HEARTBEAT);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(pings);
    stop();
  });
}
