/** Tests that COPY and MOVE of many messages yield to the event loop, and are completed as a whole. */
import { expect, it, onTestFinished } from 'vitest';
import { accountName, type Uid } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { newMessage } from './new-message.ts';

const MESSAGES = 1_100;

it('copies and moves in slices', async () => {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  const account = accountName('a@x.test');
  const targets = [{ account }];
  await store.messages.addAll(
    Array.from({ length: MESSAGES }, () => newMessage({}, { raw: Buffer.from('A: 1\r\n'), targets })),
  );
  await store.accounts.open(account);
  const boxOf = async (name: string) => (await store.mailboxes.find(account, name))!;
  const inbox = await boxOf('INBOX');
  const all = Array.from({ length: MESSAGES }, (_, at) => (at + 1) as Uid);
  for (const [name, transfer] of [
    ['Archive', store.placements.copy.bind(store.placements)],
    ['Trash', store.placements.move.bind(store.placements)],
  ] as const) {
    const target = await boxOf(name);
    let turns = 0;
    let next = setImmediate(function tick() {
      turns++;
      next = setImmediate(tick);
    });
    const outcome = await transfer(inbox.id, all, target.id);
    clearImmediate(next);
    // The messages are processed in three slices of at most 500.
    expect(turns).toBeGreaterThanOrEqual(2);
    expect(outcome).toEqual({ uidValidity: target.uidValidity, source: all, target: all });
    expect((await boxOf(name)).messages).toBe(MESSAGES);
  }
  expect((await boxOf('INBOX')).messages).toBe(0);
});
