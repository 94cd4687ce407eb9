/** The entry of the thread that prepares messages: batches of tasks in, batches of answers out. */
import { parentPort, workerData } from 'node:worker_threads';
import { RawFiles } from '../json/raw-files.ts';
import { signatureOf } from '../search/signature.ts';
import { candidateOf, readMessage } from './read-message.ts';
import type { AnswerBatch, PrepareAnswer, PrepareTask, TaskBatch, ThreadWorld } from './task.ts';

const { directory, fsync } = workerData as ThreadWorld;
const raws = directory === null ? null : new RawFiles(directory, fsync);

async function answer({ id, now, message }: PrepareTask, raw: Buffer): Promise<PrepareAnswer> {
  try {
    const read = readMessage(message, raw, id, now);
    const signature = signatureOf(candidateOf(read, raw));
    // Last, so that no bytes lie there of a message that could not be read.
    await raws?.write(id, raw);
    return { summary: JSON.stringify(read.summary), detail: read.detail, signature };
  } catch {
    return null;
  }
}

async function answerAll({ number, tasks, octets }: TaskBatch): Promise<AnswerBatch> {
  let at = octets.byteOffset;
  const answers = await Promise.all(
    (JSON.parse(tasks) as readonly PrepareTask[]).map((task) => {
      const raw = Buffer.from(octets.buffer, at, task.size);
      at += task.size;
      return answer(task, raw);
    }),
  );
  const columns = new Uint16Array(answers.reduce((sum, each) => sum + (each?.signature.length ?? 0), 0));
  let filled = 0;
  for (const each of answers) {
    if (each === null) continue;
    columns.set(each.signature, filled);
    filled += each.signature.length;
  }
  return {
    number,
    answers: answers.map((each) => each && [each.summary, each.detail, each.signature.length]),
    columns,
  };
}

parentPort?.on('message', (batch: TaskBatch) => {
  void answerAll(batch).then((answers) => parentPort?.postMessage(answers, [answers.columns.buffer]));
});
