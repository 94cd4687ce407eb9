/**
 * Fuzzes the log of the store: any octets, repeated lines, and lines out of order. The store starts, serves the
 * readable mail, accepts new mail, and has the new mail after the next start. Only a log of a newer version is
 * refused.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { accountName, ALL, type MessageId } from '../../server/store/ids.ts';
import { openJsonStore } from '../../server/store/json/index.ts';
import { RawFiles } from '../../server/store/raw/raw-files.ts';
import { StoreError, type Store } from '../../server/store/store.ts';
import { newMessage } from '../store/new-message.ts';
import { fuzz, seedsOf } from './fuzz.ts';

let directory: string;
let run = 0;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'restante-fuzz-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The ids of the messages in the seeds, for which files with bytes are created. */
const messages = new Set(
  [...seedsOf('log').values()].flatMap((seed) =>
    [...seed.toString().matchAll(/"message":\{"id":"(\w+)"/g)].map(([, id]) => id as MessageId),
  ),
);

/**
 * Returns the log with some lines repeated and out of order, in which other lines take the place of the damaged lines.
 */
function disordered(log: Buffer): Buffer {
  const lines = log.toString('latin1').split('\n');
  const isWhole = (line: string): boolean => {
    return (
      line.slice(8, 16) ===
      crc32(Buffer.from(line.slice(17), 'latin1'))
        .toString(16)
        .padStart(8, '0')
    );
  };
  const mended = lines.map((line) => (isWhole(line) ? line : (lines[line.length % lines.length] ?? '')));
  return Buffer.from(mended.join('\n'), 'latin1');
}

async function readEverything(store: Store): Promise<void> {
  await store.facts();
  for (const account of [ALL, accountName('alice@x.test')]) {
    for (const { id } of await store.mailboxes.list(account)) {
      for (const { message } of await store.placements.list(id)) {
        await store.messages.summary(message);
        await store.messages.raw(message);
      }
    }
  }
}

async function survives(log: Buffer): Promise<void> {
  const data = path.join(directory, String(++run));
  const raw = new RawFiles(data, false);
  mkdirSync(raw.directory, { recursive: true });
  writeFileSync(path.join(data, 'messages.jsonl'), log);
  for (const id of messages) await raw.write(id, Buffer.from('Subject: x\r\n\r\nx\r\n'));
  try {
    const store = await openJsonStore(data);
    await readEverything(store);
    const { summary } = await store.messages.add(newMessage({ subject: 'new' }));
    await store.close();
    const again = await openJsonStore(data);
    expect((await again.messages.summary(summary.id))?.subject).toBe('new');
    await readEverything(again);
    await again.close();
  } catch (error) {
    if (!(error instanceof StoreError && error.message.includes('newer Restante'))) throw error;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

fuzz({
  name: 'log',
  words: [
    ...[
      '{"sum":"00000000"',
      '"do":"batch","entries":[',
      '"do":"add"',
      '"do":"flag"',
      '"do":"place"',
      '"do":"remove"',
    ],
    ...[
      '"head":',
      '"detail":{}',
      '"seq":',
      '"uid":',
      '"version":',
      '"mailbox":"m2"',
      'null',
      'true',
      '[]',
      '{}',
      '-1',
    ],
    ...['1e300', '9007199254740993', '"__proto__"', '"\\ud800"', '\n', ',', '"', '}', ']', '\\u0000'],
  ],
  brief: 12,
  async run(input) {
    await survives(input);
    await survives(disordered(input));
  },
});
