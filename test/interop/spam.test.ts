/** Tests the spam check with the spam filters of Debian's packages; skipped if they are not installed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { CheckReport } from '../../contract/index.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { openTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const SPAMD = '/usr/sbin/spamd';
const RSPAMD = '/usr/bin/rspamd';
/** A text that every filter treats as spam: https://spamassassin.apache.org/gtube/ */
const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
const message = (body: string): Buffer =>
  Buffer.from(
    `From: Shop <shop@x.test>\r\nTo: Ann <ann@x.test>\r\nSubject: Your order\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <1@x.test>\r\n\r\n${body}\r\n`,
  );

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a daemon, and waits until it listens. */
async function daemon(command: string, args: readonly string[], port: number): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  await expect.poll(answers, { interval: 100 }).toBe(true);
}

async function reports(options: object): Promise<readonly [ham: CheckReport, spam: CheckReport]> {
  const sandbox = await openTestSandbox(options);
  onTestFinished(() => sandbox.close());
  const ids = await sendRaw(sandbox.smtp, [message('Your order has been shipped.'), message(GTUBE)], {
    from: 'shop@x.test',
    to: ['ann@x.test'],
  });
  const [ham, spam] = await Promise.all(
    ids.map(async (id) => {
      const answer = await sandbox.api(`messages/${id}/checks/spam`, { method: 'POST' });
      expect(answer.status).toBe(200);
      return (await answer.json()) as CheckReport;
    }),
  );
  return [ham!, spam!];
}

it.skipIf(!existsSync(SPAMD))('SpamAssassin', async () => {
  const port = await freePort();
  const home = temporaryDirectory();
  const children = ['--min-children=1', '--max-children=1', '--min-spare=1', '--max-spare=1'];
  await daemon(
    SPAMD,
    ['-L', '-x', '-i', '127.0.0.1', '-p', String(port), '-H', home, '-s', 'null', ...children],
    port,
  );
  const [ham, spam] = await reports({ checkSpamd: `127.0.0.1:${port}` });
  expect(ham.checks).toMatchObject([{ check: 'spam', state: 'done' }]);
  expect(ham.findings.map(({ rule }) => rule)).not.toContain('spam');
  expect(spam.findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['spam', 'spamassassin-gtube']),
  );
  expect(spam.checks[0]?.score).toBe(0);
});

it.skipIf(!existsSync(RSPAMD))('Rspamd', async () => {
  const port = await freePort();
  const home = temporaryDirectory();
  const config = path.join(home, 'rspamd.conf');
  writeFileSync(
    config,
    [
      'options {',
      `  pidfile = "${home}/rspamd.pid"; filters = "regexp"; disable_hyperscan = true;`,
      '  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }',
      '}',
      'logging { type = "console"; level = "error"; }',
      '.include "$CONFDIR/actions.conf"',
      '.include "$CONFDIR/groups.conf"',
      'lua = "$RULESDIR/rspamd.lua";',
      `worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; mime = true; }`,
    ].join('\n'),
  );
  const places = ['DBDIR', 'RUNDIR', 'LOGDIR'].map((name) => `--var=${name}=${home}`);
  await daemon(RSPAMD, ['--insecure', '-f', '-c', config, ...places], port);
  const [ham, spam] = await reports({ checkRspamd: `127.0.0.1:${port}` });
  expect(ham.checks).toMatchObject([{ check: 'spam', state: 'done' }]);
  expect(ham.findings.map(({ rule }) => rule)).not.toContain('spam');
  expect(spam.findings.map(({ rule }) => rule)).toContain('spam');
  expect(spam.checks[0]?.score).toBeLessThanOrEqual(50);
});
