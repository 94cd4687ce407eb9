/**
 * Tests Exim as a sender: BDAT (RFC 3030) with pipelining, refused recipients, its retries and its own bounces. Exim and Postfix cannot
 * be installed side by side; `.ci/run` unpacks Exim and adds it to PATH.
 */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Detail, MessagePage, Transcript } from '../../contract/index.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { findProgram, installed, mustRun, runTool } from '../helpers/tool.ts';

const missing = [
  ...(installed('exim4') ? [] : ['exim4 is not installed']),
  ...(process.getuid?.() === 0 ? [] : ['only root can give Exim a configuration of its own']),
].join(', ');

/**
 * Writes a configuration that relays every message to the sandbox; returns the arguments of Exim that select this
 * configuration.
 */
function configure({ host, port }: TestSandbox['smtp']): readonly string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-exim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const user = execFileSync('exim4', ['-C', '/dev/null', '-n', '-bP', 'exim_user'], {
    encoding: 'utf8',
  }).trim();
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, user], { encoding: 'utf8' })),
  ) as [number, number];
  chmodSync(folder, 0o755);
  const spool = path.join(folder, 'spool');
  mkdirSync(spool);
  chownSync(spool, uid, gid);
  const file = path.join(folder, 'exim.conf');
  writeFileSync(
    file,
    `primary_hostname = exim.x.test
exim_path = ${findProgram('exim4')}
spool_directory = ${spool}
log_file_path = ${spool}/%slog
keep_environment =
untrusted_set_sender = *
no_local_from_check
qualify_domain = x.test
smtputf8_advertise_hosts = *
begin routers
sandbox:
  driver = manualroute
  route_list = * ${host} byname
  self = send
  transport = sandbox
begin transports
sandbox:
  driver = smtp
  port = ${port}
  allow_localhost
  hosts_try_chunking = *
  hosts_try_fastopen =
  max_rcpt = 100
begin retry
* * F,1h,1s
`,
  );
  return ['-C', file];
}

const latest = (sandbox: TestSandbox, account: string): Promise<Detail> =>
  sandbox.json<Detail>(`messages/latest?account=${account}`);

const rawOf = async (sandbox: TestSandbox, id: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${sandbox.url}api/messages/${id}/raw`)).arrayBuffer());

const commandsOf = async (sandbox: TestSandbox, id: string): Promise<readonly string[]> =>
  (await sandbox.json<Transcript>(`messages/${id}/transcript`)).lines
    .filter(({ from }) => from === 'client')
    .map(({ text }) => text);

describe.skipIf(missing !== '')(`Exim sends with BDAT${missing === '' ? '' : ` (${missing})`}`, () => {
  it.each([
    ['a short body with dots and 8-bit text', 'Grüße\n.\n..\n.dot at the start\n\n'],
    ['a body of many chunks', `${'ü'.repeat(35)} ${'x'.repeat(400)}\n`.repeat(4_000)],
    ['an empty body', ''],
  ])('%s', async (_, body) => {
    const sandbox = await startTestSandbox();
    const config = configure(sandbox.smtp);
    const to = ['b@x.test', 'c@x.test', 'd@x.test'];
    await mustRun('exim4', [...config, '-odi', '-oi', '-f', 'app@x.test', ...to], {
      input: `From: app@x.test\nTo: b@x.test\nSubject: chunks\n\n${body}`,
    });
    const { id, envelope } = await latest(sandbox, 'b@x.test');
    expect(envelope.to).toEqual(to);
    const raw = (await rawOf(sandbox, id)).toString('utf8');
    expect(raw.slice(raw.indexOf('\r\n\r\n') + 4) === body.replaceAll('\n', '\r\n')).toBe(true);
    const commands = await commandsOf(sandbox, id);
    expect(commands).toContainEqual(expect.stringMatching(/^BDAT \d+ LAST$/));
    expect(commands).not.toContain('DATA');
  });

  it('to accepted and refused recipients, and Exim sends its bounce by BDAT', async () => {
    const sandbox = await startTestSandbox();
    const config = configure(sandbox.smtp);
    await mustRun(
      'exim4',
      [...config, '-odi', '-oi', '-f', 'app@x.test', 'b@x.test', 'no-reject-550@x.test'],
      {
        input: 'From: app@x.test\nTo: b@x.test\nSubject: partly\n\nhello\n',
      },
    );
    expect((await latest(sandbox, 'b@x.test')).envelope.to).toEqual(['b@x.test']);
    await mustRun('exim4', [...config, '-qff']);
    const bounce = await latest(sandbox, 'app@x.test');
    expect(bounce.envelope.from).toBe('');
    expect(bounce.text).toContain('no-reject-550@x.test');
  });

  it('again after temporary refusals at RCPT and after BDAT', async () => {
    const sandbox = await startTestSandbox();
    const config = configure(sandbox.smtp);
    for (const [on, account] of [
      ['rcpt', 'early@x.test'],
      ['data', 'late@x.test'],
    ]) {
      await sandbox.json('rules', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ on, account, script: ['451 4.7.1 Later', 'accept'] }),
      });
      await runTool('exim4', [...config, '-odi', '-oi', '-f', 'app@x.test', account!], {
        input: `To: ${account!}\nSubject: again\n\nhello\n`,
      });
      expect((await sandbox.json<MessagePage>(`messages?account=${account!}`)).total).toBe(0);
      await mustRun('exim4', [...config, '-qff']);
      expect((await sandbox.json<MessagePage>(`messages?account=${account!}`)).total).toBe(1);
    }
  });

  it('a hundred messages in one queue run', async () => {
    const sandbox = await startTestSandbox();
    const config = configure(sandbox.smtp);
    for (let n = 0; n < 100; n++) {
      await mustRun('exim4', [...config, '-odq', '-oi', '-f', 'app@x.test', 'queue@x.test'], {
        input: `To: queue@x.test\nSubject: ${n}\n\n${'line\n'.repeat(n)}`,
      });
    }
    await mustRun('exim4', [...config, '-qff']);
    const { total, messages } = await sandbox.json<MessagePage>('messages?account=queue@x.test&limit=100');
    expect(total).toBe(100);
    expect(new Set(messages.map(({ subject }) => subject)).size).toBe(100);
  });
});
