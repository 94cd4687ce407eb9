/**
 * Runs the unmodified client of quarkus-mailpit against Restante and, if Mailpit is installed, also against Mailpit.
 * Maven downloads the client once into its own repository.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMailpit } from '../../helpers/mailpit.ts';
import { openTestSandbox, type Address } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { installed, mustRun, runTool } from '../../helpers/tool.ts';

const programs = path.join(import.meta.dirname, '../programs/quarkus-mailpit');
const skip = !installed('java') || !installed('mvn');

interface Server {
  readonly url: string;
  readonly smtp: Address;
  close(): Promise<void>;
}

const servers: readonly (readonly [name: string, root: string, open: () => Promise<Server>])[] = [
  ['Restante', '', openTestSandbox],
  ['Restante below /mailpit', 'mailpit/', openTestSandbox],
  ...(installed('mailpit') ? ([['Mailpit', '', startMailpit]] as const) : []),
];

const FIRST = 'From: ann@x.test\r\nTo: bob@x.test\r\nSubject: First\r\n\r\nText of the first\r\n';
const SECOND = [
  'From: carol@x.test',
  'To: bob@x.test',
  'Subject: Second',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Text of the second',
  '--b',
  'Content-Type: text/plain; name=a.txt',
  'Content-Disposition: attachment; filename=a.txt',
  '',
  'hello',
  '--b--',
  '',
].join('\r\n');

describe.skipIf(skip)(`quarkus-mailpit${skip ? ' (no JDK or no Maven)' : ''}`, () => {
  let jars: string;
  let unreachable = false;
  beforeAll(async () => {
    jars = await mkdtemp(path.join(os.tmpdir(), 'restante-quarkus-'));
    const pom = path.join(programs, 'pom.xml');
    const copy = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
    unreachable = (await runTool('mvn', copy)).code !== 0;
  });
  afterAll(() => rm(jars, { recursive: true, force: true }));

  it.for(servers)('reads and deletes mail in %s', async ([, root, open], context) => {
    context.skip(unreachable, 'Maven could not fetch the client');
    const server = await open();
    try {
      await sendRaw(server.smtp, [Buffer.from(FIRST), Buffer.from(SECOND)]);
      const url = `${server.url}${root}`.replace(/\/$/, '');
      const output = await mustRun('java', ['-cp', `${jars}/*`, `${programs}/UseMailbox.java`, url]);
      expect(output.trim().split('\n')).toEqual([
        'found 1',
        'first Second from carol@x.test',
        'attachments 1',
        'text Text of the second',
        'absent null',
        'messages 2',
        'left 1',
        'left 0',
      ]);
    } finally {
      await server.close();
    }
  });
});
