/**
 * Tests Angus Mail, the implementation of Jakarta Mail, with its default settings. Maven downloads it once into
 * its own repository.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, mustRun, runTool } from '../helpers/tool.ts';

const programs = path.join(import.meta.dirname, 'programs/angus');
const skip = !installed('java') || !installed('mvn');

describe.skipIf(skip)(skip ? 'Angus Mail (no JDK or no Maven)' : 'Angus Mail', () => {
  let jars: string;
  let fixture: ImapFixture;
  let unreachable = false;
  beforeAll(async () => {
    jars = await mkdtemp(path.join(os.tmpdir(), 'restante-angus-'));
    const pom = path.join(programs, 'pom.xml');
    const copy = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
    const { code } = await runTool('mvn', copy);
    unreachable = code !== 0;
    fixture = await startImap();
  });
  afterAll(async () => {
    await fixture.close();
    await rm(jars, { recursive: true, force: true });
  });

  it('searches, lists, appends, flags and idles with names and words of any script', async (context) => {
    context.skip(unreachable, 'Maven could not fetch Angus Mail');
    const output = await mustRun(
      'java',
      [
        '-Dfile.encoding=UTF-8',
        '-Dstdout.encoding=UTF-8',
        '-cp',
        `${jars}/*`,
        `${programs}/ReadMail.java`,
        String(fixture.port),
        'ju@x.test',
      ],
      { deadline: 80_000 },
    );
    const lines = output.trim().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'search 1 1 1 1',
        'body 1 1 1 1',
        'fetch привет, код 123456 / Text: ご確認ください',
        'flagged 1',
        'create true',
        'folder Входящие 確認',
        'folder INBOX',
        'idle 5',
      ]),
    );
  });

  it.each(['PLAIN', 'LOGIN'])(
    'sends after a login by %s with an empty name and password',
    async (mechanism) => {
      const sandbox = await startTestSandbox();
      const { host, port } = sandbox.smtp;
      const program = `${programs}/SendEmptyLogin.java`;
      const to = 'empty@x.test';
      await mustRun('java', ['-cp', `${jars}/*`, program, host, String(port), mechanism, to], {});
      const { id } = await sandbox.json<{ id: string }>(`messages/latest?account=${to}`);
      const transcript = await (await sandbox.api(`messages/${id}/transcript`)).text();
      expect(transcript).toContain('235 2.7.0 Authentication successful');
    },
  );
});
