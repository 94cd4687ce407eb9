/** The main loop of a worker thread: runs the jobs that the pool sends, one after another. */
import type { MessagePort } from 'node:worker_threads';
import { transfersOf, type Job, type JobAnswer, type JobTask } from './job.ts';

/** Functions that load the modules of jobs, by the name of the job; each is called when its job is first needed. */
export type JobLoaders = Readonly<Record<string, () => Promise<Job<never, unknown>>>>;

async function answer(loaders: JobLoaders, { job: name, input }: JobTask): Promise<JobAnswer> {
  try {
    const load = loaders[name];
    if (load === undefined) throw new Error(`Unknown job ${name}`);
    const job = await load();
    return { kind: 'result', output: await job.run(input as never) };
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

export function serveJobs(port: MessagePort, loaders: JobLoaders): void {
  port.on('message', (task: JobTask) => {
    void answer(loaders, task).then((reply) => {
      port.postMessage(reply, reply.kind === 'result' ? transfersOf(reply.output) : []);
    });
  });
}
