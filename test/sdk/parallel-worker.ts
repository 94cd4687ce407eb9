/** One of many workers that share a server. It runs tests one after another, each with its own inbox. */
import { createTransport } from 'nodemailer';
import { connect } from '../../sdk/index.ts';
import { PATIENCE } from '../helpers/patience.ts';

/**
 * Runs the given number of tests. Resolves with the problems: mail of another worker, missing mail, a failed call.
 */
export async function runWorker(url: string, worker: number, tests: number): Promise<string[]> {
  const sandbox = await connect(url, { timeout: PATIENCE });
  const { host, port } = sandbox.smtp;
  const transport = createTransport({ host, port, pool: true, maxConnections: 1 });
  const wrong: string[] = [];
  for (let test = 0; test < tests; test++) {
    const here = `worker ${worker}, test ${test}`;
    const expectSame = (what: string, found: unknown, wanted: unknown): void => {
      if (found !== wanted) wrong.push(`${here}: ${what} is ${String(found)}, not ${String(wanted)}`);
    };
    try {
      await using inbox = await sandbox.createInbox({ name: `worker ${worker}` });
      const mail = { from: 'app@x.test', to: inbox.address, subject: 'Your code' };
      const code = String(100_000 + worker * 1_000 + test);
      const waiting = inbox.waitForCode();
      // If sending fails, that error is reported instead of the timeout of the wait.
      waiting.catch(() => undefined);
      await transport.sendMail({ ...mail, text: `Your code is ${code}` });
      expectSame('the code', await waiting, code);
      await transport.sendMail({ ...mail, subject: 'Second', text: here });
      const second = await inbox.waitForOne({ subject: 'second' });
      expectSame('the text', second.text?.trim(), here);
      expectSame('the number of messages', (await inbox.list()).length, 2);
    } catch (error) {
      wrong.push(`${here}: ${String(error)}`);
    }
  }
  transport.close();
  return wrong;
}
