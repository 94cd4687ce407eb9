/**
 * Runs the parallel tests of many workers against one server, again and again. No worker may see mail of another
 * worker, or miss its own mail.
 */
import path from 'node:path';
import { runWorker } from '../sdk/parallel-worker.ts';
import type { Phase } from './phases.ts';
import { Server } from './server.ts';

const WORKERS = 50;
const TESTS = 20;
const ROUNDS = 20;

export const parallel: Phase = {
  name: `parallel tests: ${WORKERS} workers × ${TESTS} tests × ${ROUNDS} rounds`,
  async run({ scratch, progress }) {
    const server = await Server.start(path.join(scratch, 'data'));
    const wrong: string[] = [];
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}, ${wrong.length} problems`);
      const started = performance.now();
      const found = await Promise.all(
        Array.from({ length: WORKERS }, (_, n) => runWorker(server.url, n, TESTS)),
      );
      seconds.push((performance.now() - started) / 1000);
      wrong.push(...found.flat().map((problem) => `round ${round}, ${problem}`));
    }
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((each) => each.toFixed(1));
    console.log(
      `  ${WORKERS * TESTS * ROUNDS} tests, ${2 * WORKERS * TESTS * ROUNDS} messages, ${wrong.length} problems; a round took ${least} to ${most} s`,
    );
    const faults = server.faults.map((line) => `logged: ${line.slice(0, 300)}`);
    await server.stop('SIGTERM');
    return [...wrong, ...faults];
  },
};
