/** One of many workers that share a server: tests one after the other, each with an inbox of its own. */
import { createTransport } from 'nodemailer';
import { connect } from '../../sdk/index.ts';

/** Runs so many tests; resolves with what went wrong: mail of another, mail that did not come, a call that failed. */
export async function runWorker(url: string, worker: number, tests: number): Promise<string[]> {
  const sandbox = await connect(url, { timeout: 30_000 });
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
      // Should the mail be refused, that is what is told.
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
