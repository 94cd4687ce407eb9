/**
 * Measures how soon a test continues after a message: from the SMTP reply 250 until `waitFor` has resolved with the
 * parsed message.
 */
import path from 'node:path';
import type * as Sdk from '../../sdk/index.ts';
import { LoadConnection, sampleMessage } from './load.ts';
import { absolute, type BenchContext, type BenchPart } from './part.ts';
import { startRestante } from './servers.ts';

const WAITS = 100;

/** Resolves with the milliseconds of each wait. */
async function waits(sandbox: Sdk.Sandbox, say: (text: string) => void): Promise<number[]> {
  const times: number[] = [];
  const connection = await LoadConnection.open(sandbox.smtp.host, sandbox.smtp.port);
  for (let n = 0; n < WAITS; n++) {
    say(`wait ${n + 1} of ${WAITS}`);
    await using inbox = await sandbox.createInbox();
    let resolved = 0;
    const waiting = inbox.waitFor({ from: 'shop@example.test' }).then(() => {
      resolved = performance.now();
    });
    // The server must have received the waiting request before the message is sent. The response to a second request
    // shows that the server has received it.
    await inbox.mark();
    await connection.send('app@example.test', inbox.address, sampleMessage(n));
    const accepted = performance.now();
    await waiting;
    times.push(Math.max(0, resolved - accepted));
  }
  await connection.quit();
  return times;
}

const row = (where: string, times: readonly number[]) =>
  absolute(`250 on the wire → waitFor resolved, ${where}`, times, ' ms', '≤ 5 ms', 5);

export const part: BenchPart = {
  name: 'sdk',
  async run(context: BenchContext) {
    // The built package is measured, like the built server.
    const built = path.join(import.meta.dirname, '..', '..', 'dist', 'sdk', 'index.js');
    const { connect, startSandbox } = (await import(built)) as typeof Sdk;
    const sandbox = await startSandbox();
    const inProcess = await waits(sandbox, (text) => context.progress(`in-process, ${text}`));
    await sandbox.close();
    const server = await startRestante(['--data', path.join(context.scratch, 'data')]);
    try {
      const overHttp = await waits(await connect(server.http!), (text) => context.progress(`HTTP, ${text}`));
      return [row('in-process', inProcess), row('over HTTP', overHttp)];
    } finally {
      await server.stop();
    }
  },
};
