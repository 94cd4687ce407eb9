/**
 * Tests event streams: each change is processed once, events are sent in batches, and the buffers for slow clients
 * are bounded.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { EventFeed } from '../../server/api/events/feed.ts';
import { EventSources, type EventBatch } from '../../server/api/events/source.ts';
import { ALL, type MessageId, type Seq } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { soon } from '../helpers/soon.ts';
import { countCalls } from '../helpers/counted-store.ts';
import { newMessage } from '../store/new-message.ts';

const scope = { account: ALL, query: { kind: 'all' } as const };

async function openWorld() {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  const { store: counted, counts } = countCalls(store, ['listed']);
  const sources = new EventSources(counted);
  const add = async (count: number): Promise<MessageId[]> => {
    const ids: MessageId[] = [];
    for (let i = 0; i < count; i++)
      ids.push((await store.messages.add(newMessage({ subject: `${i}` }))).summary.id);
    return ids;
  };
  /** A stream that records its batches; `read` resolves when the stream can receive more. */
  const open = (since?: Seq, read: () => Promise<void> = () => Promise.resolve()) => {
    const batches: EventBatch[] = [];
    const ends: string[] = [];
    const feed = new EventFeed(counted, sources, {
      ...scope,
      since,
      async send(batch) {
        batches.push(batch);
        await read();
      },
      fail: (reason) => ends.push(reason),
    });
    onTestFinished(() => feed.close());
    const events = () => batches.flatMap((batch) => batch.events.map(({ event }) => event));
    const kinds = (type: string) => events().filter((event) => event.type === type);
    return { feed, batches, ends, events, kinds };
  };
  return { store, counts, add, open };
}

it('creates each event once for all streams of a scope, and passes the same bytes to all of them', async () => {
  const { counts, add, open } = await openWorld();
  const streams = Array.from({ length: 50 }, () => open());
  await add(100);
  await soon(() => {
    for (const { kinds } of streams) expect(kinds('message')).toHaveLength(100);
  });
  expect(counts.listed).toBe(100);
  for (const encoding of ['block', 'frames'] as const) {
    const sent = streams.map(({ batches }) => batches.slice(1).map((batch) => batch[encoding]));
    for (const [i, octets] of (sent[0] ?? []).entries()) {
      expect(sent.every((other) => other[i] === octets)).toBe(true);
    }
  }
});

it('spreads the writes to many streams over turns of the event loop', async () => {
  const { add, open } = await openWorld();
  const writes: number[] = [];
  let turn = 0;
  const count = (): void => {
    turn++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  onTestFinished(() => clearImmediate(timer));
  const spin = async (): Promise<void> => {
    writes.push(turn);
    const until = performance.now() + 1;
    while (performance.now() < until);
  };
  for (let i = 0; i < 60; i++) open(undefined, spin);
  await soon(() => expect(writes).toHaveLength(60));
  writes.length = 0;
  await add(1);
  await soon(() => expect(writes.length).toBeGreaterThanOrEqual(60));
  const most = Math.max(...writes.map((each) => writes.filter((other) => other === each).length));
  expect(most).toBeLessThanOrEqual(10);
});

it('sends many events in few batches, and a single event at once', async () => {
  const { store, add, open } = await openWorld();
  const ids = await add(2_000);
  const { batches, kinds } = open();
  await store.messages.remove(ids, ALL);
  await soon(() => expect(kinds('removed')).toHaveLength(2_000));
  expect(batches.length).toBeLessThanOrEqual(2 + 2_000 / 200 + 10);
  const before = batches.length;
  await pause(60);
  await add(1);
  await soon(() => expect(kinds('message')).toHaveLength(1));
  // The first event is that of the new account, which is sent at once.
  expect(batches[before]?.length).toBe(1);
});

it('resumes after a seq without a gap or a repetition, while others listen', async () => {
  const { store, add, open } = await openWorld();
  const other = open();
  await add(10);
  await soon(() => expect(other.kinds('message')).toHaveLength(10));
  const [, , third] = other.kinds('message');
  const resumed = open(third?.seq as Seq);
  await add(10);
  await soon(() => expect(resumed.kinds('message')).toHaveLength(17));
  const seqs = resumed
    .events()
    .slice(1)
    .map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(seqs.at(-1)).toBe(store.changes.seq);
});

it('ends the stream of a client that is too slow; the client receives all missed events when it resumes', async () => {
  const { store, add, open } = await openWorld();
  const ids = await add(6_000);
  const fast = open();
  const slow = open(undefined, () => new Promise(() => undefined));
  const from = store.changes.seq;
  await store.messages.remove(ids.slice(0, 3_000), ALL);
  for (let i = 0; i < 4; i++) {
    await store.messages.tag(ids.slice(3_000), [`t${i}`], []);
  }
  await soon(() => expect(fast.events().length).toBeGreaterThan(13_000));
  expect(slow.ends).toEqual(['the client is too slow: reconnect with since=SEQ of the last event']);
  expect(fast.ends).toEqual([]);
  const back = open(from);
  await soon(() => expect(back.kinds('updated').length + back.kinds('removed').length).toBe(15_000));
});

it('closes a source with the last stream of its scope', async () => {
  const { counts, add, open } = await openWorld();
  const { feed } = open();
  feed.close();
  await add(5);
  expect(counts.listed).toBe(0);
});
