/** Tests imapflow, the IMAP client that most Node applications use today. */
import { once } from 'node:events';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';

let fixture: ImapFixture;
let client: ImapFlow;

const open = async (user = 'a@x.test'): Promise<ImapFlow> => {
  const { port } = fixture;
  const auth = { user, pass: 'secret' };
  const flow = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth, logger: false });
  await flow.connect();
  return flow;
};

beforeEach(async () => {
  fixture = await startImap();
  client = await open();
});
afterEach(async () => {
  await client.logout();
  await fixture.close();
});

const message = (subject: string, body = 'hello'): string =>
  `From: Ann <ann@x.test>\nTo: a@x.test\nSubject: ${subject}\nMessage-ID: <${subject}@x.test>\n\n${body}\n`;

describe('mailboxes', () => {
  it('are listed with their roles and counts', async () => {
    await fixture.deliver(message('one'));
    const list = await client.list({ statusQuery: { messages: true, unseen: true } });
    expect(Object.fromEntries(list.map(({ path, specialUse }) => [path, specialUse]))).toEqual({
      INBOX: '\\Inbox',
      Archive: '\\Archive',
      Drafts: '\\Drafts',
      Junk: '\\Junk',
      Sent: '\\Sent',
      Trash: '\\Trash',
    });
    expect(list.find(({ path }) => path === 'INBOX')?.status).toMatchObject({ messages: 1, unseen: 1 });
  });

  it('are created, renamed, subscribed and deleted, with names in any script', async () => {
    expect(await client.mailboxCreate(['Entwürfe', '日本 & Co'])).toMatchObject({ created: true });
    expect(await client.mailboxCreate(['Entwürfe', '日本 & Co'])).toMatchObject({ created: false });
    await client.mailboxRename('Entwürfe/日本 & Co', 'Übrig');
    expect(await client.mailboxSubscribe('Übrig')).toBe(true);
    const paths = (await client.list()).map(({ path, subscribed }) => `${path}${subscribed ? '*' : ''}`);
    expect(paths).toContain('Übrig*');
    expect(paths).not.toContain('Entwürfe/日本 & Co');
    await client.mailboxUnsubscribe('Übrig');
    await client.mailboxDelete('Übrig');
    expect((await client.list()).map(({ path }) => path)).not.toContain('Übrig');
  });
});

describe('messages', () => {
  it('are fetched in every way', async () => {
    await fixture.deliver(message('first'));
    await fixture.deliver(message('second', 'x'.repeat(100_000)));
    const lock = await client.getMailboxLock('INBOX');
    const fetched = await client.fetchAll('1:*', {
      uid: true,
      flags: true,
      envelope: true,
      bodyStructure: true,
      internalDate: true,
      size: true,
      source: true,
      headers: ['subject'],
      threadId: true,
      labels: true,
    });
    expect(fetched.map(({ envelope }) => envelope?.subject)).toEqual(['first', 'second']);
    expect(fetched.map(({ size, source }) => size === source?.length)).toEqual([true, true]);
    expect(fetched[0]?.emailId).toBeTruthy();
    expect(fetched[0]?.headers?.toString()).toBe('Subject: first\r\n\r\n');
    expect(fetched[0]?.bodyStructure?.type).toBe('text/plain');
    const download = await client.download('2', '1');
    const chunks: Buffer[] = [];
    for await (const chunk of download.content!) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(`${'x'.repeat(100_000)}\r\n`);
    lock.release();
  });

  it('are searched', async () => {
    await fixture.deliver(message('find me', 'größe'));
    await fixture.deliver(message('not me'));
    await client.mailboxOpen('INBOX');
    expect(await client.search({ subject: 'FIND' })).toEqual([1]);
    expect(await client.search({ body: 'größe' })).toEqual([1]);
    expect(await client.search({ or: [{ subject: 'find' }, { subject: 'not' }] })).toEqual([1, 2]);
    expect(await client.search({ not: { from: 'ann@x.test' } })).toEqual([]);
    expect(await client.search({ since: new Date(Date.now() - 86_400_000) })).toEqual([1, 2]);
    expect(await client.search({ header: { 'message-id': '<find me@x.test>' } }, { uid: true })).toEqual([1]);
    expect(
      await client.search({
        emailId: ((await client.fetchOne('2', { threadId: true })) as { emailId: string }).emailId,
      }),
    ).toEqual([2]);
  });

  it('are flagged, copied, moved, appended and deleted', async () => {
    await fixture.deliver(message('one'));
    await fixture.deliver(message('two'));
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('1', ['\\Flagged', 'custom']);
    // imapflow enables IMAP4rev2, which has no \Recent.
    expect(
      [...((await client.fetchOne('1', { flags: true })) as { flags: Set<string> }).flags].sort(),
    ).toEqual(['\\Flagged', 'custom']);
    expect(await client.messageCopy('1', 'Archive')).toMatchObject({ uidMap: new Map([[1, 1]]) });
    expect(await client.messageMove('1', 'Trash')).toMatchObject({ uidMap: new Map([[1, 1]]) });
    const appended = await client.append(
      'Sent',
      message('sent').replace(/\n/g, '\r\n'),
      ['\\Seen'],
      new Date(0),
    );
    expect(appended).toMatchObject({ uid: 1, destination: 'Sent' });
    expect(await client.messageDelete({ uid: '2' })).toBe(true);
    expect(client.mailbox).toMatchObject({ exists: 0 });
    await client.mailboxOpen('Sent');
    expect(await client.fetchOne('1', { internalDate: true, flags: true })).toMatchObject({
      internalDate: new Date(0),
    });
  });

  it('are reported while the client idles', async () => {
    await client.mailboxOpen('INBOX');
    const idling = client.idle();
    const arrived = once(client, 'exists');
    await fixture.deliver(message('now'));
    expect((await arrived)[0]).toMatchObject({ count: 1, prevCount: 0 });
    const other = await open();
    await other.mailboxOpen('INBOX');
    const flagged = once(client, 'flags');
    await other.messageFlagsAdd('1', ['\\Seen']);
    expect((await flagged)[0]).toMatchObject({ uid: 1 });
    const gone = once(client, 'expunge');
    await other.messageDelete('1');
    expect((await gone)[0]).toMatchObject({ seq: 1 });
    await other.logout();
    await client.noop();
    await idling;
  });

  it('are found by their changes (CONDSTORE)', async () => {
    await fixture.deliver(message('one'));
    await fixture.deliver(message('two'));
    const mailbox = await client.mailboxOpen('INBOX');
    const since = mailbox.highestModseq!;
    await client.messageFlagsAdd('2', ['\\Answered']);
    const changed = await client.fetchAll('1:*', { uid: true, flags: true }, { changedSince: since });
    expect(changed.map(({ uid }) => uid)).toEqual([2]);
  });

  it('report the quota', async () => {
    expect(await client.getQuota('INBOX')).toMatchObject({ path: 'INBOX' });
  });
});
