/** Tests single IMAP commands by curl, as in shell scripts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificate } from '../helpers/certificate.ts';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, mustRun, runTool } from '../helpers/tool.ts';

const skip = !installed('curl');

describe.skipIf(skip)(skip ? 'curl (not installed)' : 'curl', () => {
  let fixture: ImapFixture;
  const curl = (path: string, ...args: string[]): Promise<string> =>
    mustRun('curl', ['-sS', '--user', 'a@x.test:any', ...args, `imap://127.0.0.1:${fixture.port}/${path}`]);

  beforeEach(async () => {
    fixture = await startImap({ tls: certificate });
    await fixture.deliver('Subject: one\nFrom: ann@x.test\n\nhello\n');
  });
  afterEach(() => fixture.close());

  it('lists, reads, searches and runs commands', async () => {
    expect(await curl('')).toContain('* LIST (\\HasNoChildren) "/" "INBOX"');
    expect(await curl('INBOX;MAILINDEX=1')).toBe('Subject: one\r\nFrom: ann@x.test\r\n\r\nhello\r\n');
    expect(await curl('INBOX;UID=1;SECTION=TEXT')).toBe('hello\r\n');
    expect(await curl('INBOX?SUBJECT%20one')).toBe('* SEARCH 1\r\n');
    expect(await curl('INBOX', '-X', 'STATUS INBOX (MESSAGES)')).toContain('MESSAGES 1');
    expect(await curl('INBOX', '-X', 'STORE 1 +Flags \\Deleted')).toContain('\\Deleted');
  });

  it('uploads', async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'restante-curl-')), 'mail.eml');
    await writeFile(file, 'Subject: uploaded\r\n\r\nbody\r\n');
    await curl('Drafts', '-T', file);
    await rm(path.dirname(file), { recursive: true });
    expect(await curl('Drafts;MAILINDEX=1')).toBe('Subject: uploaded\r\n\r\nbody\r\n');
  });

  it('logs in by every mechanism that it supports', async () => {
    for (const mechanism of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
      expect(await curl('', '--login-options', `AUTH=${mechanism}`)).toContain('"INBOX"');
    }
    expect(await curl('', '--oauth2-bearer', 'token')).toContain('"INBOX"');
    expect(await curl('', '--login-options', 'AUTH=PLAIN', '--sasl-ir')).toContain('"INBOX"');
  });

  it('upgrades to TLS', async () => {
    expect(await curl('', '--ssl-reqd', '--insecure')).toContain('"INBOX"');
    const { code } = await runTool('curl', ['-sS', '--ssl-reqd', `imap://127.0.0.1:${fixture.port}/`]);
    expect(code).toBe(60);
  });
});
