/**
 * Tests Debian's mutt with its default settings except TLS, in batch mode: keys are pushed into it, on a terminal
 * that `script` creates.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, runTool } from '../helpers/tool.ts';

const skip = !installed('mutt') || !installed('script');

describe.skipIf(skip)(skip ? 'mutt (not installed)' : 'mutt', () => {
  let home: string;
  let fixture: ImapFixture;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'restante-mutt-'));
    fixture = await startImap();
  });
  afterEach(async () => {
    await fixture.close();
    await rm(home, { recursive: true, force: true });
  });

  // By default mutt uses the first announced mechanism that it supports; its AUTHENTICATE CRAM-MD5 ends with a
  // blank if SASL-IR is announced.
  it.each([
    ['its defaults', ''],
    ['CRAM-MD5', 'set imap_authenticators = "cram-md5"'],
    ['LOGIN', 'set imap_authenticators = "login"'],
  ])('logs in with %s, reads and flags', async (_, authenticators) => {
    for (const subject of ['one', 'two']) {
      await fixture.deliver(`From: ann@x.test\nSubject: ${subject}\n\nbody\n`);
    }
    await writeFile(
      path.join(home, 'rc'),
      `set folder = "imap://a%40x.test@127.0.0.1:${fixture.port}/"
set spoolfile = "+INBOX"
set imap_pass = "secret"
unset ssl_force_tls
${authenticators}
push "1<enter><display-message><exit>2<enter><flag-message><quit>"
`,
    );
    const { output } = await runTool('script', ['-qec', `mutt -n -F ${path.join(home, 'rc')}`, '/dev/null'], {
      input: null,
      env: { TERM: 'vt100', HOME: home, COLUMNS: '80', LINES: '24' },
    });
    const talk = await fixture.connect();
    await talk.ok('LOGIN a@x.test secret');
    await talk.ok('SELECT INBOX');
    const lines = await talk.ok('FETCH 1:* FLAGS');
    expect(lines.join(), output).toContain('* 1 FETCH (FLAGS (\\Seen');
    expect(lines.join(), output).toMatch(/\* 2 FETCH \(FLAGS \([^)]*\\Flagged/);
  });
});
