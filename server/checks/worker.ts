/** The entry of the thread that static checks run in: tasks in, results out, one at a time. */
import { parentPort } from 'node:worker_threads';
import { runStatic, type CheckTask, type StaticResult } from './run.ts';
import type { StaticCheckName } from './check.ts';

/** What the thread says. After `start` the clock of that check's deadline runs. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'start'; readonly check: StaticCheckName }
  | { readonly kind: 'result'; readonly result: StaticResult }
  | { readonly kind: 'end' };

const port = parentPort;
if (port !== null) {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  port.on('message', (task: CheckTask) => {
    for (const result of runStatic(task, (check) => say({ kind: 'start', check }))) {
      say({ kind: 'result', result });
    }
    say({ kind: 'end' });
  });
  say({ kind: 'ready' });
}
