/**
 * Tests STORE on many messages: the number of messages in one call of the store is limited, and the client gets
 * one response.
 */
import { expect, it, onTestFinished } from 'vitest';
import { openMemoryStore } from '../../../server/store/memory/index.ts';
import type { Placements } from '../../../server/store/store.ts';
import { startImap } from '../../helpers/imap.ts';

/** Opens a store that records the number of messages of each change of flags. */
async function openCounted() {
  const store = await openMemoryStore();
  const setFlags = store.placements.setFlags.bind(store.placements);
  const calls: number[] = [];
  Object.assign(store.placements, {
    setFlags: (...args: Parameters<Placements['setFlags']>) => {
      calls.push(args[1].length);
      return setFlags(...args);
    },
  });
  return { store, calls };
}

it('stores flags in slices, and reports every message once', async () => {
  const { store, calls } = await openCounted();
  const { login, close } = await startImap({ store });
  onTestFinished(close);
  const talk = await login();
  await talk.ok('APPEND INBOX {3+}\r\nx\r\n');
  await talk.ok('SELECT INBOX');
  for (let count = 1; count < 2_048; count *= 2) await talk.ok('COPY 1:* INBOX');
  const count = 2_048;
  await talk.ok('NOOP');
  const responses = await talk.ok('STORE 1:* +FLAGS (\\Flagged)');
  expect(responses).toEqual(
    Array.from({ length: count }, (_, i) => expect.stringMatching(`^\\* ${i + 1} FETCH .*\\\\Flagged`)),
  );
  expect(calls).toEqual([1_000, 1_000, 48]);
  expect(await talk.ok('STORE 1:* -FLAGS.SILENT (\\Flagged)')).toEqual([]);
  // Messages whose flags were not stored are reported once, in the tagged response: the messages that changed after the
  // first UNCHANGEDSINCE.
  const [answer] = (await talk.command('STORE 1:* (UNCHANGEDSINCE 1) +FLAGS.SILENT (\\Seen)')).slice(-1);
  expect(answer).toBe(`OK [MODIFIED 1:${count}] Some messages had changed`);
  expect(await talk.ok('NOOP')).toEqual([]);
});
