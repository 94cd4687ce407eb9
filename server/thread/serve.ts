/** The main loop of a worker thread: runs the jobs that the pool sends to the thread, one after another. */
import type { MessagePort } from 'node:worker_threads';
import { transfersOf, type Job, type JobAnswer, type JobTask } from './job.ts';

/**
 * Functions that load the modules of jobs, by the name of the job; each function is called when its job is
 * needed for the first time.
 */
export type JobLoaders = Readonly<Record<string, () => Promise<Job<never, unknown, unknown>>>>;

type Reply = (answer: JobAnswer) => void;

async function run(loaders: JobLoaders, { job: name, input }: JobTask, reply: Reply): Promise<JobAnswer> {
  try {
    const load = loaders[name];
    if (load === undefined) throw new Error(`Unknown job ${name}`);
    const job = await load();
    reply({ kind: 'start' });
    return {
      kind: 'result',
      output: await job.run(input as never, (value) => reply({ kind: 'step', value })),
    };
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

export function serveJobs(port: MessagePort, loaders: JobLoaders): void {
  const reply: Reply = (answer) => {
    port.postMessage(answer, answer.kind === 'result' ? transfersOf(answer.output) : []);
  };
  port.on('message', (task: JobTask) => void run(loaders, task, reply).then(reply));
}
