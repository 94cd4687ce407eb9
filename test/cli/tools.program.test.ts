/** Tests the command lines of MailHog and MailDev: the server with their flags and variables, and their log lines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runTool } from '../helpers/tool.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
const off = { RESTANTE_IMAP_PORT: 'off', RESTANTE_POP3_PORT: 'off', RESTANTE_MEMORY: 'true' };

/** Starts the program and resolves with the matches of a pattern in its log. */
async function startUntil(args: readonly string[], pattern: RegExp): Promise<RegExpExecArray> {
  const server = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...off } });
  onTestFinished(async () => {
    server.kill();
    await once(server, 'exit');
  });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await expect.poll(() => log).toMatch(pattern);
  return pattern.exec(log)!;
}

it('takes the place of MailHog', async () => {
  const flags = ['-smtp-bind-addr', '127.0.0.1:0', '-api-bind-addr', '127.0.0.1:0'];
  const pattern = /\[SMTP\] Binding to address: ([\d.:]+)[^]*Serving under (http:[^"\s]+)/;
  const [, smtp = '', url = ''] = await startUntil(['mailhog', ...flags], pattern);
  const mail = 'From: a@x.test\nTo: b@x.test\nSubject: Sent\n\nText\n';
  const sent = await runTool(process.execPath, [program, 'mailhog', 'sendmail', `--smtp-addr=${smtp}`], {
    env: off,
    input: mail,
  });
  expect(sent).toEqual({ code: 0, output: '' });
  const list = (await (await fetch(`${url}api/v1/messages`)).json()) as { Raw: { From: string } }[];
  expect(list).toHaveLength(1);
});

it('takes the place of MailDev', async () => {
  const flags = ['--smtp', '0', '--web', '0', '--ip', '127.0.0.1'];
  const [, url = ''] = await startUntil(['maildev', ...flags], /MailDev webapp running at (http:[^"\s]+)/);
  expect(await (await fetch(`${url}email`)).json()).toEqual([]);
});

it.each([
  ['mailhog', ['ingest']],
  ['maildev', ['ingest']],
  ['maildev', ['--smtp']],
])('refuses the arguments of %s %j', async (command, args) => {
  const { code } = await runTool(process.execPath, [program, command, ...args], { env: off });
  expect(code).toBe(2);
});
