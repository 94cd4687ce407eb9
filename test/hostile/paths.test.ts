/** Tests names that lead out of a folder: no text of a message, a call or an import becomes a part of a file path. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detail } from '../../contract/index.ts';
import { ALL } from '../../server/store/ids.ts';
import { MAIL_FORMATS } from '../../server/store/transfer/source.ts';
import { exportItems, writeMail } from '../../server/store/transfer/transfer.ts';
import { converse } from '../fuzz/converse.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { ask } from './ask.ts';

const OUT = '../../../escaped';
let top: string;
let sandbox: TestSandbox;
let ids: string[];

/** Lists every file below the folder of this test, which contains the data directory and its neighbours. */
const files = (): string[] =>
  readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(top, path.join(entry.parentPath, entry.name)));

const hostile = (name: string): Buffer =>
  Buffer.from(
    `From: "${name}" <a@x.test>\r\nSubject: ${name}\r\nMessage-ID: <${name}>\r\nMIME-Version: 1.0\r\n` +
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n' +
      `--b\r\nContent-Type: text/plain; name="${name}.sh"\r\nContent-ID: <${name}>\r\n` +
      `Content-Location: file://${name}\r\nContent-Disposition: attachment; filename="${name}.sh"\r\n\r\nrm\r\n` +
      `--b\r\nContent-Type: application/x; name*=utf-8''..%2F..%2Fescaped%00.sh\r\n\r\nrm\r\n--b--\r\n`,
  );

beforeAll(async () => {
  top = mkdtempSync(path.join(os.tmpdir(), 'restante-paths-'));
  const data = path.join(top, 'a', 'b', 'c', 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(path.join(top, 'secret.txt'), 'secret');
  sandbox = await openTestSandbox({ data });
  ids = await sendRaw(
    sandbox.smtp,
    [OUT, '/etc/escaped', '..\\..\\escaped', 'C:\\escaped', '%2e%2e%2fescaped', 'con', '.', '~/escaped'].map(
      hostile,
    ),
    { from: 'a@x.test', to: ['"../../../escaped"@x.test', 'b@x.test'] },
  );
});
afterAll(async () => {
  await sandbox.close();
  rmSync(top, { recursive: true, force: true });
});

describe('a message with such names', () => {
  it('is stored and read without a file outside of its folder', async () => {
    for (const id of ids) {
      const { attachments } = await sandbox.json<Detail>(`messages/${id}`);
      for (const { part } of attachments) {
        const response = await sandbox.api(`messages/${id}/parts/${part}`);
        expect(response.headers.get('content-disposition')).not.toMatch(/filename="[^"]*[/\\]/);
        expect(await response.text()).toBe('rm');
      }
    }
    const box = `a LOGIN "\\"../../../escaped\\"@x.test" x\r\nb CREATE "${OUT}"\r\nc CREATE "/escaped"\r\n`;
    const said = await converse(
      sandbox.imap.port,
      Buffer.from(`${box}d APPEND "${OUT}" {12+}\r\nSubject: x\r\n\r\ne LOGOUT\r\n`),
    );
    expect(said).toMatch(/^b (OK|NO|BAD)/m);
    expect(files().filter((file) => file.includes('escaped'))).toEqual([]);
    expect(files().filter((file) => !file.startsWith('a/b/c/data/'))).toEqual(['secret.txt']);
  });

  it.each(MAIL_FORMATS)('is exported as %s into the given folder only', async (format) => {
    const target = path.join(top, 'a', 'b', 'c', `out-${format}`);
    const before = files();
    const items = exportItems(sandbox.sandbox.store, ALL, undefined, () => undefined);
    await writeMail(target, format, items);
    const written = files().filter((file) => !before.includes(file));
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((file) => !file.startsWith(`a/b/c/out-${format}`))).toEqual([]);
    expect(existsSync('/etc/escaped')).toBe(false);
  });
});

describe('a call for', () => {
  const secret = '../../../../secret.txt';
  const encoded = [
    secret,
    secret.replaceAll('/', '%2f'),
    secret.replaceAll('.', '%2e').replaceAll('/', '%2F'),
    secret.replaceAll('/', '%5c'),
    `${secret}%00.eml`,
    '/etc/passwd',
    '%2fetc%2fpasswd',
    '....//....//secret.txt',
  ];

  it.each([
    'api/messages/*',
    'api/messages/*/raw',
    'api/messages/latest/parts/*',
    'assets/*',
    '*',
    'api/docs/*',
  ])('%s serves no file of the machine', async (route) => {
    for (const name of encoded) {
      const said = await ask(
        sandbox.url,
        `GET /${route.replace('*', name)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(said).toMatch(/^HTTP\/1\.1 [234]/);
      expect(said).not.toMatch(/\r\n\r\n.*(?:^secret$|root:)/ms);
    }
  });

  it('a mail that is composed with the names of files and URLs contains neither', async () => {
    const file = path.join(top, 'secret.txt');
    for (const attachment of [
      { filename: 'a', path: file },
      { filename: 'a', href: `file://${file}` },
      { filename: 'a', content: { path: file } },
    ]) {
      const response = await sandbox.api('messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          from: 'a@x.test',
          to: 'b@x.test',
          html: { path: file },
          attachments: [attachment],
        }),
      });
      expect(response.status).toBe(400);
    }
    expect(readFileSync(file, 'utf8')).toBe('secret');
  });
});
