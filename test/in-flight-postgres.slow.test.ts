/** The octets of messages that wait for a commit of PostgreSQL count towards the limit of message octets in memory. */
import { expect, it, onTestFinished } from 'vitest';
import { emptyDatabase, postgresServer, runSql } from './helpers/postgres.ts';
import { startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';
import { soon } from './helpers/soon.ts';

const server = await postgresServer();

const LIMIT = 1_000_000;
/** Number of messages of this size that fit into the limit. */
const FITTING = 4;
const SENT = 10;
const RAW = Buffer.from(`Subject: large\r\n\r\n${'0123456\r\n'.repeat(25_000)}`);

interface Answer {
  readonly status: number;
  readonly type?: string;
}

async function post(sandbox: TestSandbox): Promise<Answer> {
  const response = await sandbox.api('messages?from=a@x.test&to=b@x.test', {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: new Uint8Array(RAW),
  });
  return { ...((await response.json()) as { type?: string }), status: response.status };
}

it.skipIf(server === null)(
  'holds no more octets than allowed while the database commits nothing',
  async () => {
    expect(Math.floor(LIMIT / RAW.length)).toBe(FITTING);
    const store = await emptyDatabase();
    const sandbox = await startTestSandbox({ store, maxInFlight: LIMIT });
    const schema = new URL(store).searchParams.get('application_name') ?? '';
    await runSql(`begin; select from ${schema}.head for update`);
    onTestFinished(() => runSql('rollback').then(() => undefined));
    const answers: Answer[] = [];
    const sending = Array.from({ length: SENT }, async () => answers.push(await post(sandbox)));
    // The messages that exceed the limit are refused although no commit has ended.
    await soon(() => expect(answers.length).toBeGreaterThanOrEqual(SENT - FITTING));
    expect(answers.map(({ status }) => status)).not.toContain(201);
    expect(answers.map(({ type }) => type)).toContain('urn:restante:no-storage');
    await runSql('rollback');
    await Promise.all(sending);
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(FITTING);
    // The octets of all messages were released, so that further messages fit.
    for (let round = 0; round <= FITTING; round++) expect((await post(sandbox)).status).toBe(201);
  },
);
