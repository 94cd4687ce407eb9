/**
 * Measures what a test suite waits for: the start of the sandbox, the import of the client, the time from the SMTP reply
 * 250 until `waitFor` has resolved with the parsed message, and whole sign-up tests.
 */
import path from 'node:path';
import type * as Sdk from '../../sdk/index.ts';
import { LoadConnection, sampleMessage } from './load.ts';
import { absolute, median, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { fresh } from './fresh.ts';
import { processorTime, startRestante, type MeasuredServer } from './servers.ts';

const WAITS = 100;
/** The number of sign-up tests that run at once, and the number of tests that each of them runs one after another. */
const PARALLEL = 50;
const TESTS_EACH = 10;
/** The minimum number of whole sign-up tests per second. */
const SIGN_UPS = 100;

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

/**
 * A script that prints the milliseconds of the first start of a sandbox, which loads the server, and of a later start,
 * and the processor time of both starts in milliseconds.
 */
const STARTS = `
  const { startSandbox } = await import('./dist/esm/index.js');
  const [times, costs] = [[], []];
  for (let n = 0; n < 3; n++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    const sandbox = await startSandbox();
    times.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000);
    await sandbox.close();
  }
  console.log(times[0], times[2], costs[0], costs[2]);`;

/** Returns a row with processor times, which depend less on other programs of the machine; it has no budget. */
const cost = (work: string, times: readonly number[]): BenchRow => ({
  ...absolute(`processor time of ${work}`, times, ' ms', '', Infinity),
  met: null,
});

/** A script that prints the milliseconds of the import of the client. */
const IMPORT = `
  const started = performance.now();
  await import('./dist/esm/index.js');
  console.log(performance.now() - started);`;

async function starts(context: BenchContext): Promise<BenchRow[]> {
  const starting: number[][] = [];
  const imports: number[] = [];
  for (let round = 0; round < context.rounds + 2; round++) {
    context.progress(`start ${round + 1}`);
    starting.push(await fresh(STARTS));
    imports.push(...(await fresh(IMPORT)));
  }
  const [first, later, firstCost, laterCost] = [0, 1, 2, 3].map((n) =>
    starting.map((times) => times[n] ?? NaN),
  );
  return [
    absolute('startSandbox(), the first time: it loads the server', first ?? [], ' ms', '≤ 250 ms', 250),
    absolute('startSandbox(), later', later ?? [], ' ms', '≤ 40 ms', 40),
    cost('startSandbox(), the first time', firstCost ?? []),
    cost('startSandbox(), later', laterCost ?? []),
    absolute('import of the client', imports, ' ms', '≤ 60 ms', 60),
  ];
}

/**
 * Runs a whole sign-up test: creates an address, sends one message over one connection, reads the code, and deletes the
 * inbox.
 */
async function signUp(sandbox: Sdk.Sandbox, n: number): Promise<void> {
  await using inbox = await sandbox.createInbox();
  const connection = await LoadConnection.open(sandbox.smtp.host, sandbox.smtp.port);
  const code = String(100_000 + n);
  const mail = `From: app@example.test\r\nTo: ${inbox.address}\r\nSubject: Sign-up\r\n\r\nYour code is ${code}\r\n`;
  await connection.send('app@example.test', inbox.address, Buffer.from(mail));
  await connection.quit();
  const found = await inbox.waitForCode();
  if (found !== code) throw new Error(`The code is ${found} in place of ${code}`);
}

/** Runs whole sign-up tests against a server of its own process, `PARALLEL` at once. */
async function signUps(
  sandbox: Sdk.Sandbox,
  server: MeasuredServer,
  context: BenchContext,
): Promise<BenchRow[]> {
  const [rates, ofServer, ofClient]: [number[], number[], number[]] = [[], [], []];
  const tests = PARALLEL * TESTS_EACH;
  for (let round = 0; round < context.rounds + 1; round++) {
    context.progress(`sign-up tests, round ${round + 1}`);
    const [before, own, started] = [processorTime(server.pid), process.cpuUsage(), performance.now()];
    const runs = Array.from({ length: PARALLEL }, async (_, worker) => {
      for (let n = 0; n < TESTS_EACH; n++) await signUp(sandbox, worker * TESTS_EACH + n);
    });
    await Promise.all(runs);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(own);
    // The first round warms up the server and the client.
    if (round === 0) continue;
    rates.push(tests / seconds);
    ofServer.push((processorTime(server.pid) - before) / tests);
    ofClient.push((user + system) / 1_000 / tests);
  }
  const row = absolute(
    `whole sign-up tests, ${PARALLEL} in parallel`,
    rates,
    '/s',
    `≥ ${SIGN_UPS}/s`,
    Infinity,
  );
  return [
    { ...row, met: median(rates) >= SIGN_UPS },
    cost('a sign-up test, server', ofServer),
    cost('a sign-up test, client', ofClient),
  ];
}

export const part: BenchPart = {
  name: 'sdk',
  async run(context: BenchContext) {
    // The built package is measured, like the built server.
    const built = path.join(import.meta.dirname, '..', '..', 'dist', 'esm', 'index.js');
    const { connect, startSandbox } = (await import(built)) as typeof Sdk;
    const sandbox = await startSandbox();
    const inProcess = await waits(sandbox, (text) => context.progress(`in-process, ${text}`));
    await sandbox.close();
    const server = await startRestante(['--data', path.join(context.scratch, 'data')]);
    try {
      const remote = await connect(server.http!);
      const overHttp = await waits(remote, (text) => context.progress(`HTTP, ${text}`));
      return [
        ...(await starts(context)),
        row('in-process', inProcess),
        row('over HTTP', overHttp),
        ...(await signUps(remote, server, context)),
      ];
    } finally {
      await server.stop();
    }
  },
};
