/** Tests that waits that time out together share the serialised lists of their problem documents. */
import { expect, it, onTestFinished } from 'vitest';
import type { WaitTimeout } from '../../contract/index.ts';
import { presentSummary } from '../../server/service/present/message.ts';
import { serialiseTimeout, type WaitTimeoutHead } from '../../server/api/messages/wait-timeout.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import type { ListedMessage } from '../../server/store/store.ts';
import { newMessage } from '../store/new-message.ts';

const head = (account: string): WaitTimeoutHead => ({
  type: 'urn:restante:wait-timeout',
  title: 'No message matched in time',
  status: 404,
  query: 'subject:"größer"',
  account,
  after: 0,
  seq: 2,
  refused: [],
});

/** Returns messages of a store, and the number of times that one of them was read. */
async function countedMessages() {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  await store.messages.add(newMessage({ to: ['bob@example.test'], subject: 'Größe' }));
  await store.messages.add(newMessage({ to: ['eve@example.test'], subject: '"quoted"' }));
  const { messages } = await store.messages.list({ limit: 10 });
  const counts = { read: 0 };
  const counted = messages.map(
    (listed): ListedMessage =>
      new Proxy(listed, {
        get(target, name) {
          if (name === 'summary') counts.read++;
          return Reflect.get(target, name) as unknown;
        },
      }),
  );
  return { messages, counted, counts };
}

it('serialises each message once for all waits', async () => {
  const { messages, counted, counts } = await countedMessages();
  const failed = [{ term: 'subject:"größer"', found: 'Größe' }];
  const [first, second] = counted;
  const reports = Array.from({ length: 3 }, () => ({
    query: 'subject:"größer"',
    total: 1,
    seq: 2 as never,
    arrived: [{ listed: first!, failed }],
    elsewhere: [second!],
  }));
  serialiseTimeout(head('a@example.test'), reports[0]!);
  const once = counts.read;
  const documents = Array.from({ length: 100 }, (_, i) =>
    serialiseTimeout(head(`${i}@example.test`), reports[i % 3]!),
  );
  expect(counts.read).toBe(once);
  expect(JSON.parse(documents[7]?.toString() ?? '')).toEqual({
    ...head('7@example.test'),
    arrived: [{ message: presentSummary(messages[0]!), failed }],
    elsewhere: [{ account: 'bob@example.test', message: presentSummary(messages[1]!) }],
  } satisfies WaitTimeout);
});
