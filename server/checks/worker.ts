/** The entry of the thread for static checks. It receives tasks and sends the results of each task one by one. */
import { parentPort } from 'node:worker_threads';
import { runStatic, type CheckTask, type StaticResult } from './run.ts';
import type { StaticCheckName } from './check.ts';

/** A message of the thread. The deadline of a check counts from its `start`. */
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
