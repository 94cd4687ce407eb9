/**
 * Tests mbsync (isync): full synchronisation with a Maildir in both directions, and again after a restart of the
 * server.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture, type ImapTalk } from '../helpers/imap.ts';
import { installed, mustRun } from '../helpers/tool.ts';
import { openJsonStore } from '../../server/store/json/index.ts';

const skip = !installed('mbsync');

describe.skipIf(skip)(skip ? 'mbsync (not installed: isync)' : 'mbsync', () => {
  let home: string;
  let fixture: ImapFixture;
  let talk: ImapTalk;

  const start = async (): Promise<void> => {
    fixture = await startImap({ store: await openJsonStore(path.join(home, 'store'), {}) });
    talk = await fixture.login();
    const config = `IMAPAccount box
Host 127.0.0.1
Port ${fixture.port}
User a@x.test
Pass secret
SSLType None
AuthMechs LOGIN

IMAPStore far
Account box

MaildirStore near
Path ${home}/mail/
Inbox ${home}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`;
    await writeFile(path.join(home, 'rc'), config);
  };

  const sync = (): Promise<string> => mustRun('mbsync', ['-c', path.join(home, 'rc'), '-a', '-V']);
  /** Returns the paths of the files of a Maildir folder. */
  const files = async (folder: string): Promise<string[]> => {
    const found = ['cur', 'new'].map(async (sub) => {
      const directory = path.join(home, 'mail', folder, sub);
      return (await readdir(directory)).map((name) => path.join(directory, name));
    });
    return (await Promise.all(found)).flat().sort();
  };
  const subjects = async (folder: string): Promise<string[]> => {
    const texts = await Promise.all((await files(folder)).map((file) => readFile(file, 'utf8')));
    return texts.map((text) => /^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? '').sort();
  };
  const fileOf = async (subject: string): Promise<string> => {
    for (const file of await files('INBOX')) {
      if ((await readFile(file, 'utf8')).includes(`Subject: ${subject}`)) return file;
    }
    throw new Error(`no file of ${subject}`);
  };

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'restante-mbsync-'));
    await mkdir(path.join(home, 'mail'));
    await start();
  });
  afterEach(async () => {
    await fixture.close();
    await rm(home, { recursive: true, force: true });
  });

  it('synchronises in both directions, and has nothing to do after a restart', async () => {
    for (const subject of ['one', 'two', 'three'])
      await fixture.deliver(`Subject: ${subject}\n\nbody of ${subject}\n`);
    await talk.ok('SELECT INBOX');
    await talk.ok('STORE 3 +FLAGS (\\Flagged)');
    await sync();
    expect(await subjects('INBOX')).toEqual(['one', 'three', 'two']);
    expect(await fileOf('three')).toMatch(/:2,F$/);
    expect(await readdir(path.join(home, 'mail'))).toEqual(
      expect.arrayContaining(['Archive', 'Drafts', 'INBOX', 'Junk', 'Sent', 'Trash']),
    );

    // Changes in the Maildir: one message read, another deleted, a third added, and a new folder.
    const one = await fileOf('one');
    await rename(one, path.join(home, 'mail/INBOX/cur', path.basename(one).replace(/:2,.*|$/, ':2,S')));
    await rm(await fileOf('two'));
    await writeFile(path.join(home, 'mail/INBOX/new/1.mine.here'), 'Subject: mine\n\nfrom here\n');
    for (const sub of ['cur', 'new', 'tmp'])
      await mkdir(path.join(home, 'mail/Projekte', sub), { recursive: true });
    await writeFile(path.join(home, 'mail/Projekte/new/2.filed.here'), 'Subject: filed\n\nfiled\n');
    await sync();
    await talk.ok('NOOP');
    const flags = (await talk.ok('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])')).join('\n');
    expect(flags).toMatch(/Subject: one[^]*Subject: three[^]*Subject: mine/);
    expect(flags).toMatch(/^\* 1 FETCH \(FLAGS \(\\Seen/);
    expect((await talk.ok('STATUS Projekte (MESSAGES)'))[0]).toContain('MESSAGES 1');

    // Changes on the server: one message moved, another expunged.
    await talk.ok('MOVE 1 Archive');
    await talk.ok('STORE 1 +FLAGS (\\Deleted)');
    await talk.ok('EXPUNGE');
    await sync();
    expect(await subjects('INBOX')).toEqual(['mine']);
    expect(await subjects('Archive')).toEqual(['one']);

    await fixture.close();
    await start();
    await fixture.deliver('Subject: later\n\nlater\n');
    await sync();
    expect(await subjects('INBOX')).toEqual(['later', 'mine']);
    const before = await files('INBOX');
    await sync();
    expect(await files('INBOX')).toEqual(before);
    await talk.ok('SELECT INBOX');
    expect((await talk.ok('SEARCH ALL'))[0]).toBe('* SEARCH 1 2');
  });
});
