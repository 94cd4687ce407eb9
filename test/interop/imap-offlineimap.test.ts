/** Tests offlineimap: full synchronisation with a Maildir in both directions. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const skip = !installed('offlineimap');

describe.skipIf(skip)(skip ? 'offlineimap (not installed)' : 'offlineimap', () => {
  let home: string;
  let fixture: ImapFixture;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'restante-offlineimap-'));
    fixture = await startImap();
    const config = `[general]
accounts = box
metadata = ${home}/state
ui = basic
[Account box]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = ${home}/mail
[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${fixture.port}
remoteuser = a@x.test
remotepass = secret
ssl = no
starttls = no
auth_mechanisms = PLAIN
`;
    await writeFile(path.join(home, 'rc'), config);
  });
  afterEach(async () => {
    await fixture.close();
    await rm(home, { recursive: true, force: true });
  });

  const sync = (): Promise<string> => mustRun('offlineimap', ['-o', '-c', path.join(home, 'rc')]);
  const files = async (folder: string): Promise<string[]> => {
    const found = ['cur', 'new'].map(async (sub) => {
      const directory = path.join(home, 'mail', folder, sub);
      return (await readdir(directory)).map((name) => path.join(directory, name));
    });
    return (await Promise.all(found)).flat().sort();
  };

  it('synchronises in both directions', async () => {
    for (const subject of ['one', 'two']) await fixture.deliver(`Subject: ${subject}\n\nbody\n`);
    await sync();
    const inbox = await files('INBOX');
    expect(inbox).toHaveLength(2);

    const texts = await Promise.all(inbox.map((file) => readFile(file, 'utf8')));
    const one = inbox[texts.findIndex((text) => text.includes('Subject: one'))]!;
    const two = inbox[texts.findIndex((text) => text.includes('Subject: two'))]!;
    await rename(one, path.join(home, 'mail/INBOX/cur', path.basename(one).replace(/:2,.*|$/, ':2,FS')));
    await rm(two);
    await mkdir(path.join(home, 'mail/INBOX/new'), { recursive: true });
    await writeFile(path.join(home, 'mail/INBOX/new/1.mine.here'), 'Subject: mine\n\nfrom here\n');
    await sync();

    const talk = await fixture.login();
    await talk.ok('SELECT INBOX');
    const lines = (await talk.ok('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])')).join('\n');
    expect(lines).toMatch(/\* 1 FETCH \(FLAGS \(\\Flagged \\Seen[^]*Subject: one[^]*Subject: mine/);
    expect(lines).not.toContain('Subject: two');

    await talk.ok('STORE 1 -FLAGS (\\Seen)');
    await talk.ok('STORE 2 +FLAGS (\\Deleted)');
    await talk.ok('EXPUNGE');
    await sync();
    expect(await files('INBOX')).toEqual([expect.stringMatching(/:2,F$/)]);
  });
});
