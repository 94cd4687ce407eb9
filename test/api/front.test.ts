/** Tests the HTTP listener alone: slow requests, pipelined requests, and the number of requests that it holds. */
import net from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { HttpFront, type RequestTimes } from '../../server/api/http/front.ts';
import { ask } from '../hostile/ask.ts';

/** Starts a listener that responds with `handle`. */
async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  times: Partial<RequestTimes> = {},
): Promise<string> {
  const front = new HttpFront({
    isKnownHost: () => true,
    isEventsPath: (path) => path === '/api/events',
    times: { head: 30_000, pause: 30_000, whole: 300_000, ...times },
  });
  front.factory(handle, {});
  const { port } = await front.listen({ host: '127.0.0.1', port: 0, tls: null });
  onTestFinished(() => front.close());
  return `http://127.0.0.1:${port}/`;
}

const post = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n';
const slow = /^HTTP\/1\.1 408 [^]*urn:restante:slow-request/;

/** A handler that reads the whole body before it responds, as Fastify's parsers do. */
const reading = (request: IncomingMessage, response: ServerResponse): void => {
  request.resume().on('end', () => response.end('whole'));
};

it('ends a request whose head does not arrive', async () => {
  const url = await listen(reading, { head: 40, whole: 80 });
  expect(await ask(url, 'GET / HTTP/1.1\r\nHost: local')).toMatch(slow);
});

it('ends a request whose body stops, and one whose body takes too long', async () => {
  const stopping = await listen(reading, { pause: 40 });
  expect(await ask(stopping, `${post}12`)).toMatch(slow);
  const chunked = post.replace('Content-Length: 10', 'Transfer-Encoding: chunked');
  expect(await ask(stopping, `${chunked}1\r\na\r\n`)).toMatch(slow);

  // The client sends one octet at a time, so that no pause exceeds its limit.
  const dripping = await listen(reading, { head: 40, pause: 60_000, whole: 60 });
  const socket = net.connect(Number(new URL(dripping).port), '127.0.0.1');
  const timer = setInterval(() => socket.write('a'), 15);
  onTestFinished(() => clearInterval(timer));
  let said = '';
  socket.on('error', () => undefined).on('data', (chunk) => (said += String(chunk)));
  socket.write(post.replace('10', '100000'));
  await new Promise((resolve) => socket.on('close', resolve));
  expect(said).toMatch(slow);
});

it('never ends a request that was received completely, regardless of the time until its response', async () => {
  const times = { head: 20, pause: 20, whole: 40 };
  let url = '';
  /** Resolves when the listener has ended another request of the same age, so that all time limits have passed. */
  const limitsOver = async (): Promise<void> => {
    expect(await ask(url, post.replace('POST / ', 'POST /stops '))).toMatch(slow);
  };
  const handlers: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    (request, response) =>
      void request.resume().on('end', () => void limitsOver().then(() => response.end('late'))),
    (_request, response) => {
      response.write('a');
      void limitsOver().then(() => response.end('b'));
    },
  ];
  for (const handle of handlers) {
    url = await listen((request, response) => {
      if (request.url === '/stops') request.resume();
      else handle(request, response);
    }, times);
    const whole = post.replace('HTTP/1.1', 'HTTP/1.1\r\nConnection: close');
    expect(await ask(url, `${whole}1234567890`)).toMatch(/^HTTP\/1\.1 200 [^]*(?:late|b)/);
  }
});

it('answers the requests of a connection one after another, in order', async () => {
  let running = 0;
  let most = 0;
  const url = await listen((request, response) => {
    most = Math.max(most, ++running);
    request.resume().on('end', () =>
      setImmediate(() => {
        running--;
        response.end(`<${request.url}>`);
      }),
    );
  });
  const body = (n: number): string =>
    `POST /${n} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello`;
  const many = Array.from({ length: 60 }, (_, n) => body(n));
  const last = 'GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const said = await ask(url, many.join('') + last);
  expect(said.match(/<[^>]*>/g)).toEqual([...many.map((_, n) => `</${n}>`), '</last>']);
  expect(most).toBe(1);
});

it('stops reading from a client that sends requests and reads no responses', async () => {
  let begun = 0;
  const url = await listen((_request, response) => {
    begun++;
    response.write('held');
  });
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const requests = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1000));
  // The requests are larger than the socket buffers of both sides, so the server has read what exceeds the buffers.
  const sent = 400 * requests.length;
  for (let i = 0; i < 400; i++) socket.write(requests);
  let left = 0;
  await expect
    .poll(() => {
      const before = left;
      left = socket.writableLength;
      return begun === 1 && left === before && left < sent;
    })
    .toBe(true);
  expect(left).toBeGreaterThan(sent / 2);
  expect(begun).toBe(1);
});

it('closes although a client keeps its connections open', async () => {
  const front = new HttpFront({ isEventsPath: (path) => path === '/api/events', isKnownHost: () => true });
  front.factory((_request, response) => void response.end('ok'), {});
  const { port } = await front.listen({ host: '127.0.0.1', port: 0, tls: null });
  const kept = net.connect(port, '127.0.0.1');
  kept.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => kept.on('data', resolve));
  const half = net.connect(port, '127.0.0.1');
  half
    .resume()
    .on('error', () => undefined)
    .write('GET / HTTP/1.1\r\n');
  const gone = Promise.all(
    [kept, half].map((socket) => new Promise((resolve) => socket.on('close', resolve))),
  );
  await front.close();
  await gone;
});
