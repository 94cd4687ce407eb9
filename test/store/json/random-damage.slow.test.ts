/** Damages random files of all kinds in a data directory. The message of a failed round contains its seed. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { damageRound, makeOriginal } from '../damage-rounds.ts';
import { temporaryDirectory } from '../stores.ts';

const ROUNDS = 1_000;

it.each([false, true])(
  `opens, serves and repairs a directory with any damage, packed %s, ${ROUNDS} times`,
  { timeout: 3_600_000 },
  async (isPacked) => {
    const base = temporaryDirectory();
    const original = await makeOriginal(path.join(base, 'original'), isPacked);
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const directory = path.join(base, `${seed}`);
      await expect(damageRound(original, directory, seed), `seed ${seed}`).resolves.toBeUndefined();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
