/** Tests the command line of Mailpit: the server, the health check and sendmail, with Mailpit's variables and flags. */
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runTool } from '../helpers/tool.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
const call = (args: readonly string[], env: Readonly<Record<string, string>>, input = '') =>
  runTool(process.execPath, [program, 'mailpit', ...args], { env, input });

it('starts, reports its address as Mailpit does, and is found by readyz and sendmail', async () => {
  const off = { RESTANTE_IMAP_PORT: 'off', RESTANTE_MEMORY: 'true', MP_POP3_BIND_ADDR: '127.0.0.1:0' };
  const server = spawn(
    process.execPath,
    [program, 'mailpit', '--listen', '127.0.0.1:0', '--smtp', '127.0.0.1:0'],
    {
      env: { ...process.env, ...off },
    },
  );
  onTestFinished(async () => {
    server.kill();
    await once(server, 'exit');
  });
  let log = '';
  let output = '';
  server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => log).toContain('[http] accessible via http://127.0.0.1:');
  const url = /accessible via (http:\/\/[^"\s]+)/.exec(log)?.[1] ?? '';
  const smtp = /SMTP +(\S+)/.exec(output)?.[1] ?? '';
  const env = { ...off, MP_UI_BIND_ADDR: new URL(url).host, MP_SENDMAIL_SMTP_ADDR: smtp };
  expect(await call(['readyz'], env)).toEqual({ code: 0, output: '' });
  expect(await call(['readyz', '--wait', '--timeout=5s', '--listen', new URL(url).host], off)).toMatchObject({
    code: 0,
  });
  const mail = 'From: a@x.test\nTo: b@x.test\nSubject: Sent\n\nText\n';
  expect(await call(['sendmail'], env, mail)).toEqual({ code: 0, output: '' });
  const { messages } = (await (await fetch(`${url}api/v1/messages`)).json()) as {
    messages: { Subject: string }[];
  };
  expect(messages).toMatchObject([{ Subject: 'Sent' }]);
});

it('refuses unknown commands and arguments', async () => {
  expect(await call(['ingest'], {})).toMatchObject({
    code: 2,
    output: expect.stringContaining('unknown command'),
  });
  expect(await call(['--listen'], {})).toMatchObject({
    code: 2,
    output: expect.stringContaining('requires a value'),
  });
});
