import { expect, it } from 'vitest';
import { postgresServer } from '../helpers/postgres.ts';
import { ROUND, runNodes } from './nodes/index.ts';

it.skipIf((await postgresServer()) === null)(
  'three nodes lose and double no message, under load and faults',
  async () => {
    const { problems } = await runNodes({
      isOver: (faults) => faults >= ROUND,
      progress: () => undefined,
    });
    expect(problems).toEqual([]);
  },
);
