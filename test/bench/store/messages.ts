/** Creates messages, and adds them to a store as connections do. */
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { accountName } from '../../../server/store/ids.ts';
import type { NewMessage, Store } from '../../../server/store/store.ts';
import { sampleMessage } from '../load.ts';

const WRITERS = 10;

/** The built worker that parses large messages; only the bundled program finds its path by itself. */
export const THREAD = path.join(import.meta.dirname, '../../../dist/server/job-worker.js');

/** Returns a message in the form in which SMTP passes it to the store. */
export function messageOf(serial: number, raw: Buffer): NewMessage {
  const to = `customer${serial}@example.test`;
  const line = (at: number, text: string) =>
    ({ at, from: at % 2 === 0 ? 'client' : 'server', text }) as const;
  return {
    raw,
    envelope: {
      from: { address: 'app@example.test', parameters: { SIZE: `${raw.length}` } },
      to: [{ address: to, parameters: {} }],
    },
    origin: {
      kind: 'smtp',
      session: 's1',
      peer: '127.0.0.1:50000',
      helo: 'bench.example.test',
      tls: null,
      user: null,
    },
    transcript: [
      line(0, 'EHLO bench.example.test'),
      line(1, '250-restante 250-PIPELINING 250-8BITMIME 250 SIZE'),
      line(2, `MAIL FROM:<app@example.test> SIZE=${raw.length}`),
      line(3, '250 2.1.0 Ok'),
      line(4, `RCPT TO:<${to}>`),
      line(5, '250 2.1.5 Ok'),
      line(6, 'DATA'),
      line(7, '354 End data with <CR><LF>.<CR><LF>'),
    ],
    targets: [{ account: accountName(to) }],
  };
}

/** Adds messages in the way that connections do: each writer in its own turn of the event loop. */
export async function addMany(store: Store, from: number, messages: readonly Buffer[]): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let i = next++; i < messages.length; i = next++) {
        await store.messages.add(messageOf(from + i, messages[i]!));
        await nextTurn();
      }
    }),
  );
  return messages.length / ((performance.now() - started) / 1000);
}

export const sampleMessages = (from: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => sampleMessage(from + i));
