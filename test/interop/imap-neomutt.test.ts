/** Tests neomutt in batch mode: keys are pushed into it, on a terminal that `script` creates. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, runTool } from '../helpers/tool.ts';

const skip = !installed('neomutt') || !installed('script');

describe.skipIf(skip)(skip ? 'neomutt (not installed)' : 'neomutt', () => {
  let home: string;
  let fixture: ImapFixture;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'restante-neomutt-'));
    fixture = await startImap();
  });
  afterEach(async () => {
    await fixture.close();
    await rm(home, { recursive: true, force: true });
  });

  it('reads, flags, copies, deletes', async () => {
    for (const subject of ['one', 'two', 'three']) {
      await fixture.deliver(`From: ann@x.test\nSubject: ${subject}\n\nbody\n`);
    }
    await writeFile(
      path.join(home, 'rc'),
      `set folder = "imap://a%40x.test@127.0.0.1:${fixture.port}/"
set spoolfile = "+INBOX"
set imap_user = "a@x.test"
set imap_pass = "secret"
set imap_authenticators = "login"
set imap_condstore = yes
set imap_qresync = yes
set ssl_starttls = no
set ssl_force_tls = no
set delete = yes
set confirmappend = no
set pager = builtin
set wait_key = no
set header_cache = "${home}/cache"
set sort = mailbox-order
push "1<enter><display-message><exit>1<enter><flag-message>2<enter><delete-message>3<enter><copy-message>=Archive<enter><quit>"
`,
    );
    const command = `neomutt -n -F ${path.join(home, 'rc')}`;
    const { output } = await runTool('script', ['-qec', command, '/dev/null'], {
      input: null,
      env: { TERM: 'vt100', HOME: home, COLUMNS: '80', LINES: '24' },
    });
    const talk = await fixture.login();
    await talk.ok('SELECT INBOX');
    const lines = (await talk.ok('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])')).join('\n');
    expect(lines, output).toMatch(/\* 1 FETCH \(FLAGS \(\\Flagged \\Seen[^]*Subject: one[^]*Subject: three/);
    expect(lines).not.toContain('Subject: two');
    expect((await talk.ok('STATUS Archive (MESSAGES)'))[0]).toContain('MESSAGES 1');
  });
});
