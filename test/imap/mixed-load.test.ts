/** Tests that twenty clients can use one mailbox at the same time, and no command is refused. */
import { expect, it, onTestFinished } from 'vitest';
import { startImap } from '../helpers/imap.ts';
import { mixedLoad } from './mixed-load.ts';

it('answers every command of a mixed load with OK', async () => {
  const { login, close } = await startImap();
  onTestFinished(close);
  expect(await mixedLoad(login)).toEqual([]);
});
