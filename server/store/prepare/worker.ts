/** The entry of the thread that prepares messages: tasks in, answers out, each when it is done. */
import { parentPort, workerData } from 'node:worker_threads';
import { RawFiles } from '../json/raw-files.ts';
import { signatureOf } from '../search/signature.ts';
import { candidateOf, readMessage } from './read-message.ts';
import type { PrepareAnswer, Prepared, PrepareTask, ThreadWorld } from './task.ts';

const { directory, fsync } = workerData as ThreadWorld;
const raws = directory === null ? null : new RawFiles(directory, fsync);

async function prepare({ id, now, message, raw }: PrepareTask): Promise<Prepared | null> {
  const bytes = Buffer.from(raw.buffer);
  try {
    const read = readMessage(message, bytes, id, now);
    const signature = signatureOf(candidateOf(read, bytes));
    // Last, so that no bytes lie there of a message that could not be read.
    await raws?.write(id, bytes);
    return { summary: read.summary, detail: read.detail, sum: read.sum, signature };
  } catch {
    return null;
  }
}

parentPort?.on('message', (task: PrepareTask) => {
  void prepare(task).then((prepared) => {
    const answer: PrepareAnswer = { id: task.id, prepared };
    parentPort?.postMessage(answer);
  });
});
