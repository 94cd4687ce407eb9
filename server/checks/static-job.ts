/** The static checks of one message as a job for a thread: each result is a step. */
import type { Job } from '../thread/job.ts';
import { runStatic, type CheckTask, type StaticResult } from './run.ts';

export const job: Job<CheckTask, void, StaticResult> = {
  name: 'static-checks',
  run(task, step) {
    for (const result of runStatic(task)) step?.(result);
  },
};
