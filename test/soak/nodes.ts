/**
 * A soak test with three nodes on one database: kills, restarts of the database, partitions, and restarts one after the
 * other.
 */
import { ROUND, runNodes } from './nodes/index.ts';
import type { Phase } from './phases.ts';

export const nodes: Phase = {
  name: 'nodes: three nodes on one database, under load and faults',
  async run({ duration, progress }) {
    const until = Date.now() + duration;
    const { problems, summary } = await runNodes({
      isOver: (faults) => faults >= ROUND && Date.now() >= until,
      progress,
    });
    console.log(`  ${summary}`);
    return problems;
  },
};
