/**
 * Tests senders of other projects: repeated parameters, many connections at once, mail above the limit of message
 * octets in memory.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Detail } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const hint = (program: string): string => (installed(program) ? '' : ` (${program} is not installed)`);

it.skipIf(!installed('python3'))(`smtplib repeats parameters${hint('python3')}`, async () => {
  const sandbox = await startTestSandbox();
  const program = path.join(import.meta.dirname, 'programs', 'send_options.py');
  await mustRun('python3', [program, sandbox.smtp.host, String(sandbox.smtp.port), 'b@x.test']);
  const { messages } = await sandbox.json<{ messages: readonly { id: string }[] }>(
    'messages?account=b@x.test',
  );
  expect(messages).toHaveLength(3);
  const found = await Promise.all(
    messages.map(async ({ id }) => {
      const { findings } = await sandbox.json<{ findings: readonly { rule: string }[] }>(
        `messages/${id}/checks`,
      );
      return findings.some(({ rule }) => rule === 'repeated-parameter');
    }),
  );
  expect(found).toEqual([true, true, true]);
});

describe(`smtp-source over ten connections${hint('smtp-source')}`, () => {
  it.skipIf(!installed('smtp-source')).each([
    ['small messages', 5_000, 200, 256 * 1024 ** 2],
    ['messages above the limit in flight', 300_000, 30, 1_000_000],
  ])('delivers %s', async (_, octets, count, maxInFlight) => {
    const data = mkdtempSync(path.join(os.tmpdir(), 'restante-senders-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const sandbox = await startTestSandbox({ data, maxInFlight });
    const { host, port } = sandbox.smtp;
    const options = [
      '-d',
      '-s',
      '10',
      '-l',
      String(octets),
      '-m',
      String(count),
      '-f',
      'a@x.test',
      '-t',
      'b@x.test',
    ];
    await mustRun('smtp-source', [...options, `inet:${host}:${port}`]);
    expect((await sandbox.json<{ total: number }>('messages?limit=1')).total).toBe(count);
    if (maxInFlight < octets * count)
      await expect.poll(() => readdirSync(path.join(data, 'incoming'))).toEqual([]);
  });
});

const PHP_MAILER = '/usr/share/php/libphp-phpmailer/autoload.php';
const hasPhpMailer = installed('php') && existsSync(PHP_MAILER);

it.skipIf(!hasPhpMailer)(
  `reads a message of PHPMailer${hasPhpMailer ? '' : ' (PHPMailer is not installed)'}`,
  async () => {
    const sandbox = await startTestSandbox();
    const program = path.join(import.meta.dirname, 'programs', 'phpmailer.php');
    const { host, port } = sandbox.smtp;
    await mustRun('php', [program, host, String(port), 'none', 'shop@x.test', 'b@x.test']);
    const message = await sandbox.json<Detail>('messages/latest?account=b@x.test');
    expect(message).toMatchObject({
      subject: 'Bestellbestätigung – 注文',
      from: [{ name: 'Bücher & Co.', address: 'shop@x.test' }],
      attachments: [{ name: 'größe.csv', size: 8 }],
      defects: [],
    });
    expect(message.text).toContain('Grüße\n.\n..\nlong');
    expect(message.html).toContain('<p>.row</p>\n<p>.row</p>');
  },
);
