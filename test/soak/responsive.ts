/** Checks that expensive work does not delay other requests. The limits apply to an otherwise idle machine. */
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Phase } from './phases.ts';
import { Server } from './server.ts';

/** Maximum milliseconds that a request may be delayed by other work. */
const LATE = 250;

const header = (type: string): string =>
  `From: a@soak.test\r\nTo: b@soak.test\r\nSubject: soak\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n`;

/** Stores a message by the API; resolves with its id. */
async function put(server: Server, to: string, raw: string): Promise<string> {
  const response = await fetch(`${server.url}api/messages?from=a@soak.test&to=${to}`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: raw,
  });
  return ((await response.json()) as { id: string }).id;
}

/** Sends short requests while `work` runs; resolves with the milliseconds of the slowest request. */
async function probing(server: Server, work: () => Promise<void>): Promise<number> {
  let longest = 0;
  const state = { over: false };
  const probes = (async () => {
    while (!state.over) {
      const began = performance.now();
      await (await fetch(`${server.url}livez`)).text();
      longest = Math.max(longest, performance.now() - began);
      await wait(5);
    }
  })();
  await work();
  state.over = true;
  await probes;
  return longest;
}

const lateness = (what: string, ms: number): string[] => {
  console.log(`  ${what}: ${Math.round(ms)} ms`);
  return ms > LATE ? [`${what} took ${Math.round(ms)} ms, more than ${LATE}`] : [];
};

async function withServer(
  scratch: string,
  run: (server: Server) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const server = await Server.start(path.join(scratch, 'data'));
  try {
    return [...(await run(server)), ...server.faults.map((line) => `logged: ${line.slice(0, 300)}`)];
  } finally {
    await server.stop('SIGTERM');
  }
}

const WAITS = 100;
const TIMEOUT = 3000;

const waits: Phase = {
  name: `${WAITS} waits that end together`,
  run: ({ scratch }) =>
    withServer(scratch, async (server) => {
      const body = 'lorem ipsum dolor sit amet '.repeat(1_950);
      for (let i = 0; i < 200; i++)
        await put(server, `u${i % 20}@soak.test`, `${header('text/plain')}\r\n${body}\r\n`);
      const wrong: string[] = [];
      for (const [what, query] of [
        ['the same query', () => 'body:nothing'],
        ['different queries', (n: number) => `body:token${n}`],
      ] as const) {
        let latest = 0;
        const longest = await probing(server, async () => {
          await Promise.all(
            Array.from({ length: WAITS }, async (_, n) => {
              const began = performance.now();
              const asked = new URLSearchParams({
                account: 'nobody@soak.test',
                query: query(n),
                timeout: String(TIMEOUT),
              });
              const response = await fetch(`${server.url}api/messages/wait?${asked.toString()}`);
              await response.text();
              latest = Math.max(latest, performance.now() - began - TIMEOUT);
              if (response.status !== 404) wrong.push(`a wait was answered with ${response.status}`);
            }),
          );
        });
        wrong.push(
          ...lateness(`${what}: the latest answer after it was due`, latest),
          ...lateness(`${what}: the longest wait for another request`, longest),
        );
      }
      return wrong;
    }),
};

const DOWNLOADS = 40;
const MEGABYTES = 10;

/**
 * Resolves with the number of octets of all responses on one connection, whose requests are all sent before the first
 * response.
 */
function pipelined(server: Server, paths: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.ports.http, '127.0.0.1');
    let octets = 0;
    socket.on('data', (chunk: Buffer) => (octets += chunk.length));
    socket.on('error', reject).on('end', () => resolve(octets));
    const requests = paths.map((each, i) => {
      const connection = i === paths.length - 1 ? 'close' : 'keep-alive';
      return `GET ${each} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\n\r\n`;
    });
    socket.write(requests.join(''));
  });
}

const downloads: Phase = {
  name: `${DOWNLOADS} pipelined downloads`,
  run: ({ scratch }) =>
    withServer(scratch, async (server) => {
      const line = `${'x'.repeat(76)}\r\n`;
      const body = line.repeat(Math.ceil((MEGABYTES * 1_000_000) / line.length));
      const id = await put(server, 'b@soak.test', `${header('text/plain')}\r\n${body}`);
      const before = server.resident;
      let octets = 0;
      const longest = await probing(server, async () => {
        octets = await pipelined(server, Array<string>(DOWNLOADS).fill(`/api/messages/${id}/raw`));
      });
      console.log(`  resident ${Math.round(before)} MB before, ${Math.round(server.resident)} MB after`);
      const least = DOWNLOADS * body.length;
      const missing = octets < least ? [`received ${octets} octets, expected at least ${least}`] : [];
      return [...missing, ...lateness('the longest wait for another request', longest)];
    }),
};

/** Messages that are the worst case for each step of showing a message. */
const HOSTILE: Readonly<Record<string, () => string>> = {
  'deep elements': () => `${header('text/html')}\r\n${'<div>'.repeat(200_000)}`,
  'many links': () =>
    `${header('text/html')}\r\n${Array.from({ length: 200_000 }, (_, i) => `<a href="http://127.0.0.1:1/${i}">x</a>`).join('')}`,
  attributes: () =>
    `${header('text/html')}\r\n<p ${Array.from({ length: 200_000 }, (_, i) => `a${i}=1`).join(' ')}>x</p>`,
  entities: () => `${header('text/html')}\r\n${'&lt;'.repeat(600_000)}`,
  'deep styles': () => `${header('text/html')}\r\n<style>${'a{'.repeat(200_000)}</style>x`,
  'short lines of uuencode': () =>
    `${header('application/octet-stream')}Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n${'M\r\n'.repeat(3_000_000)}end\r\n`,
  'flowed quotes': () => `${header('text/plain; format=flowed')}\r\n${'> a \r\n'.repeat(800_000)}`,
  folds: () => `${header('text/plain')}X-Folds: a\r\n${' a\r\n'.repeat(1_000_000)}\r\nx\r\n`,
  periods: () => `${header('text/plain')}\r\naabaac${'a'.repeat(2_000_000)}\r\n`,
};

const SEARCHED = `body:${'a'.repeat(4_900)}b${'a'.repeat(4_900)}`;

const hostile: Phase = {
  name: 'hostile mail under the mouse pointer',
  run: ({ scratch, progress }) =>
    withServer(scratch, async (server) => {
      const wrong: string[] = [];
      for (const [what, make] of Object.entries(HOSTILE)) {
        progress(what);
        const id = await put(server, 'b@soak.test', make());
        await wait(1_000);
        const open = async (rest: string, init?: RequestInit): Promise<void> => {
          const response = await fetch(`${server.url}api/messages/${id}${rest}`, init);
          await response.arrayBuffer();
          if (response.status >= 500) wrong.push(`${what}: ${rest} was answered with ${response.status}`);
        };
        const longest = await probing(server, async () => {
          const search = fetch(`${server.url}api/messages?query=${encodeURIComponent(SEARCHED)}`);
          await Promise.all(['', '/html', '/text', '/parts/1', '/checks'].map((rest) => open(rest)));
          await open('/checks/links', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"timeout":2000}',
          });
          await (await search).arrayBuffer();
        });
        wrong.push(...lateness(`${what}: the longest wait for another request`, longest));
      }
      return wrong;
    }),
};

export const responsive: readonly Phase[] = [waits, downloads, hostile];
