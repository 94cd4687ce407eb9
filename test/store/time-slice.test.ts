import { expect, it } from 'vitest';
import { TimeSlice } from '../../server/store/time-slice.ts';

it('lets one piece of long work go on in each turn of the loop', async () => {
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
