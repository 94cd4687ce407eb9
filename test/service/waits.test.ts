/** Tests waits for mail without HTTP. */
import { expect, it, onTestFinished } from 'vitest';
import type { Refusal } from '../../server/capture/refusals.ts';
import { readScope } from '../../server/service/scope.ts';
import { Waits, type WaitRequest } from '../../server/service/wait/index.ts';
import type { Seq } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { newMessage } from '../store/new-message.ts';

async function openWaits(refusals: readonly Refusal[] = []) {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  const waits = new Waits({ store, capture: { allRefusals: async () => refusals }, clock: () => 1_000 });
  const wait = (request: Partial<WaitRequest> & { readonly query?: string } = {}) =>
    waits.wait({
      scope: readScope({ account: 'bob@x.test', query: request.query ?? '' }),
      after: 0,
      reportAfter: 0,
      timeout: 60_000,
      waited: 0,
      signal: new AbortController().signal,
      ...request,
    });
  const add = (subject: string) => store.messages.add(newMessage({ to: ['bob@x.test'], subject }));
  return { store, waits, wait, add };
}

it('answers with the oldest stored match after the seq', async () => {
  const { store, wait, add } = await openWaits();
  await add('first');
  const after = store.changes.seq;
  await add('second');
  await add('third');
  expect(await wait()).toMatchObject({ message: { summary: { subject: 'first' } } });
  expect(await wait({ after })).toMatchObject({ message: { summary: { subject: 'second' } } });
});

it('answers with a message that is added later, if it matches', async () => {
  const { wait, add } = await openWaits();
  const waiting = wait({ query: 'subject:code' });
  await add('other');
  await add('your code');
  expect(await waiting).toMatchObject({ message: { summary: { subject: 'your code' } } });
});

it('treats a seq that the store has not reached as one of an earlier store', async () => {
  const { wait, add } = await openWaits();
  await add('first');
  expect(await wait({ after: 1_000_000 })).toMatchObject({ message: { summary: { subject: 'first' } } });
});

it('reports near misses and refused sessions on a timeout', async () => {
  const refusal: Refusal = {
    at: 2_000,
    seq: 0 as Seq,
    protocol: 'smtp',
    handshake: false,
    peer: null,
    user: null,
    from: 'a@x.test',
    to: ['bob@x.test'],
    reply: '550 no',
    rule: null,
  };
  const others = [
    { ...refusal, to: ['eve@x.test'] },
    { ...refusal, protocol: 'imap' },
    { ...refusal, at: 500, from: null },
  ];
  const { wait, add } = await openWaits([...others, refusal]);
  await add('other');
  expect(await wait({ query: 'subject:code', timeout: 0 })).toMatchObject({
    timeout: {
      account: 'bob@x.test',
      nearMisses: { total: 1, arrived: [{ listed: { summary: { subject: 'other' } } }] },
      refused: [refusal],
    },
  });
});

it('ends when the caller has disconnected, and throws when the server closes', async () => {
  const { waits, wait } = await openWaits();
  const caller = new AbortController();
  const left = wait({ signal: caller.signal });
  caller.abort();
  expect(await left).toHaveProperty('timeout');
  const open = wait();
  waits.close();
  await expect(open).rejects.toMatchObject({ problem: { type: 'urn:restante:closing', status: 503 } });
});
