import { expect, it } from 'vitest';
import { SharedSlice, TimeSlice } from '../../server/async/time-slice.ts';

it('runs one slice of a long task in each turn of the event loop', async () => {
  let turn = 0;
  let done = false;
  const count = (): void => {
    turn++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const wentOn: number[] = [];
  const piece = async (): Promise<void> => {
    const slice = new TimeSlice();
    for (let i = 0; i < 5; i++) {
      await slice.rest();
      wentOn.push(turn);
    }
  };
  await Promise.all([piece(), piece(), piece()]);
  done = true;
  expect(wentOn).toHaveLength(15);
  expect(new Set(wentOn).size).toBe(15);
});

it('shares a slice among many tasks in their order, over several turns', async () => {
  const slice = new SharedSlice();
  const order: number[] = [];
  const turns = new Set<number>();
  let turn = 0;
  let done = false;
  const count = (): void => {
    turn++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const work = async (i: number): Promise<void> => {
    await slice.take();
    order.push(i);
    turns.add(turn);
    const until = performance.now() + 0.2;
    while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: 100 }, (_, i) => work(i)));
  done = true;
  expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
  // The work of 20 ms needs several slices of 3 ms.
  expect(turns.size).toBeGreaterThanOrEqual(5);
});
