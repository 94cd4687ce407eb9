/** Runs a few rounds of random damage; random-damage.slow.test.ts runs a thousand. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { damageRound, makeOriginal } from '../damage-rounds.ts';
import { temporaryDirectory } from '../stores.ts';

const ROUNDS = 5;

it('opens, serves and repairs a directory with random damage', async () => {
  const base = temporaryDirectory();
  const original = await makeOriginal(path.join(base, 'original'));
  for (let seed = 1; seed <= ROUNDS; seed++) {
    await expect(
      damageRound(original, path.join(base, `${seed}`), seed),
      `seed ${seed}`,
    ).resolves.toBeUndefined();
  }
});
