/**
 * A process that the test kills: `crash-writer.ts DIRECTORY [THREAD]`. Adds messages as fast as it can, ten at a
 * time, while it also deletes, compacts the log and compresses segments, and prints a line for each acknowledged message.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { ALL } from '../../../server/store/ids.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { newMessage } from '../new-message.ts';

const [directory, thread = null] = process.argv.slice(2);
const store = await openJsonStore(directory!, { tolerated: 20_000, packAfter: 1, thread, large: 1 });
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const to = [`user${i % 7}@example.test`, `writer${writer}@example.test`];
    // Some messages are too large to be written synchronously.
    const body = `${process.pid} ${writer} ${i} `.repeat(i % 50 === 49 ? 40_000 : i % 1_500);
    const message = newMessage({ to, subject: `${writer}-${i}`, body });
    const { summary, places } = await store.messages.add(message);
    const sum = createHash('sha256').update(message.raw).digest('hex');
    say({ id: summary.id, sum, to, places });
    // Most messages are removed, so that the remaining messages are moved to other segments.
    if (i % 5 < 2) continue;
    // The deletion is reported before it begins, because from then on the message may be missing.
    say({ id: summary.id, leaves: true });
    await store.messages.remove([summary.id], ALL);
  }
}

await Promise.all(Array.from({ length: 10 }, (_, writer) => write(writer)));
