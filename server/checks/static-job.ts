/**
 * A job of a worker thread: runs the static checks of one message. The result of each check is reported as a
 * step of the job.
 */
import type { Job } from '../thread/job.ts';
import { runStatic, type CheckTask, type StaticResult } from './run.ts';

export const job: Job<CheckTask, void, StaticResult> = {
  name: 'static-checks',
  run(task, step) {
    for (const result of runStatic(task)) step?.(result);
  },
};
