import { createTransport } from 'nodemailer';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../sdk/index.ts';
import { sandboxForTest } from './application.ts';

const WORKERS = 50;
/** Fewer than the twenty a worker that `RESTANTE_PARALLEL_TESTS=20` runs: the suite has to be quick. */
const TESTS = Number(process.env['RESTANTE_PARALLEL_TESTS'] ?? 3);

it(`keeps ${WORKERS} workers apart that share a server`, { timeout: 120_000 }, async () => {
  const { url } = await sandboxForTest({ maxMessages: 0 });
  const worker = async (n: number): Promise<void> => {
    const sandbox = await connect(url, { timeout: 30_000 });
    const { host, port } = sandbox.smtp;
    const transport = createTransport({ host, port, pool: true, maxConnections: 1 });
    onTestFinished(() => transport.close());
    for (let test = 0; test < TESTS; test++) {
      await using inbox = await sandbox.createInbox({ name: `worker ${n}` });
      const mail = { from: 'app@x.test', to: inbox.address, subject: 'Your code' };
      const code = String(100_000 + n * 1_000 + test);
      const waiting = inbox.waitForCode();
      await transport.sendMail({ ...mail, text: `Your code is ${code}` });
      expect((await waiting).value).toBe(code);
      await transport.sendMail({ ...mail, subject: 'Second', text: `${n} ${test}` });
      const second = await inbox.waitForOne({ subject: 'second' });
      expect(second.text?.trim()).toBe(`${n} ${test}`);
      expect((await inbox.list()).length).toBe(2);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, n) => worker(n)));
});
