/** Tests that queued tasks run one after another, in order, even if a task fails. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SerialQueue } from '../../server/async/serial-queue.ts';

it('starts a task when the previous one has ended, and continues after a failure', async () => {
  const queue = new SerialQueue();
  const events: string[] = [];
  const task = (name: string, turns: number) => async () => {
    events.push(`${name} starts`);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    events.push(`${name} ends`);
    if (name === 'second') throw new Error('failed');
    return name;
  };
  const results = await Promise.allSettled([
    queue.run(task('first', 3)),
    queue.run(task('second', 1)),
    queue.run(task('third', 0)),
  ]);
  expect(results).toEqual([
    { status: 'fulfilled', value: 'first' },
    { status: 'rejected', reason: new Error('failed') },
    { status: 'fulfilled', value: 'third' },
  ]);
  expect(events).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} starts`, `${name} ends`]));
});

it('is idle when every task that was queued before has ended', async () => {
  const queue = new SerialQueue();
  await queue.idle();
  let ended = 0;
  const tasks = Array.from({ length: 3 }, () =>
    queue.run(async () => {
      await nextTurn();
      ended++;
    }),
  );
  await queue.idle();
  expect(ended).toBe(3);
  await Promise.all(tasks);
});
