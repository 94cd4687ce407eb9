/**
 * Tests that `kill -9` at any moment loses no acknowledged message: neither its bytes nor its envelope, in any
 * account.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import type { AddedMessage } from '../../../server/store/store.ts';
import { builtThread, temporaryDirectory } from '../stores.ts';

/** The number of kills for each way to prepare messages. */
const ROUNDS = 10;
const WRITER = path.join(import.meta.dirname, 'crash-writer.ts');

interface Acknowledged {
  readonly id: MessageId;
  readonly sum: string;
  readonly to: readonly string[];
  readonly places: AddedMessage['places'];
}

/**
 * Runs the writer and kills it when it has acknowledged `count` messages while it adds other messages; returns every
 * line that it printed.
 */
async function killAfter(
  directory: string,
  count: number,
  more: readonly string[],
): Promise<(Acknowledged | { id: MessageId; leaves: true })[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, directory, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'exit');
  const said: (Acknowledged | { id: MessageId; leaves: true })[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(JSON.parse(line) as Acknowledged);
    if (said.length === count) child.kill('SIGKILL');
  }
  // The output of the process ends a moment before the process itself.
  await ended;
  return said;
}

it.each([
  ['on the spot', []],
  ['in a thread', [builtThread]],
])('loses nothing to SIGKILL under load, prepared %s', async (_, more) => {
  const directory = temporaryDirectory();
  const acknowledged = new Map<MessageId, Acknowledged>();
  for (let round = 0; round < ROUNDS; round++) {
    const said = await killAfter(directory, 50 + Math.floor(Math.random() * 300), more);
    expect(said.length).toBeGreaterThan(0);
    for (const line of said) {
      if ('leaves' in line) acknowledged.delete(line.id);
      else acknowledged.set(line.id, line);
    }
    const store = await openJsonStore(directory);
    for (const { id, sum, to, places } of acknowledged.values()) {
      const raw = await store.messages.raw(id);
      expect(createHash('sha256').update(raw!).digest('hex')).toBe(sum);
      const message = await store.messages.get(id);
      expect(message?.fullEnvelope.from).toEqual({
        address: 'shop@example.test',
        parameters: { SIZE: '200' },
      });
      expect(message?.fullEnvelope.to.map(({ address }) => address)).toEqual(to);
      for (const { account } of places) expect(await store.messages.listed(id, account)).toBeDefined();
    }
    // The UIDs are equal to the reported UIDs, too.
    for (const { id, places } of [...acknowledged.values()].slice(-20)) {
      for (const { mailbox, uid } of places) {
        expect(
          (await store.placements.list(mailbox)).find((placement) => placement.uid === uid)?.message,
        ).toBe(id);
      }
    }
    const { warnings } = await store.facts();
    expect(warnings.filter((warning) => /damaged|missing|lost/.test(warning))).toEqual([]);
    await store.close();
  }
});
