import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ALL, type MailboxId, type MessageId } from '../../../server/store/ids.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage, SMTP_ORIGIN } from '../new-message.ts';
import { alice, bob, contents, mailboxOf } from '../stores.ts';

const nobody = 'zzz' as MessageId;

export function messagesSuite(open: OpenStore): void {
  it('stores any bytes exactly', async () => {
    const store = await open();
    for (const raw of [
      Buffer.alloc(0),
      randomBytes(100_000),
      Buffer.from('a\n.\r\n\0ä'),
      randomBytes(700_000),
    ]) {
      const { summary } = await store.messages.add(newMessage({}, { raw }));
      const back = await store.messages.raw(summary.id);
      expect(createHash('sha256').update(back!).digest('hex')).toBe(
        createHash('sha256').update(raw).digest('hex'),
      );
      expect(summary.size).toBe(raw.length);
    }
  });

  it.each([1_000, 300_000])('returns parts of a message of %d octets', async (size) => {
    const store = await open();
    const raw = Buffer.from(`Subject: parts\r\n\r\n${'0123456789'.repeat(size / 10)}`);
    const { summary } = await store.messages.add(newMessage({}, { raw }));
    const { id } = summary;
    expect((await store.messages.rawPart(id, 0, 7))?.toString()).toBe('Subject');
    expect(await store.messages.rawPart(id, 18, 65_000)).toEqual(raw.subarray(18, 65_000));
    expect(await store.messages.rawPart(id, raw.length - 3, raw.length + 10)).toEqual(raw.subarray(-3));
    expect(await store.messages.rawPart(id, raw.length + 5, raw.length + 10)).toEqual(Buffer.alloc(0));
    expect(await store.messages.rawPart(nobody, 0, 7)).toBeUndefined();
  });

  it('returns the mailboxes that contain a message, with its flags there', async () => {
    const store = await open();
    const targets = [{ account: alice, flags: ['\\Seen'] }, { account: bob }];
    const { summary, places } = await store.messages.add(newMessage({}, { targets }));
    const archive = await store.mailboxes.create(alice, 'Archive');
    const inbox = places.find(({ account }) => account === alice)!;
    const { target } = await store.placements.copy(inbox.mailbox, [inbox.uid], archive.id);
    const found = await store.messages.places(summary.id);
    expect(found).toHaveLength(4);
    expect(found.find(({ mailbox }) => mailbox === archive.id)).toEqual({
      ...{ account: alice, mailbox: archive.id, isInbox: false, uid: target[0] },
      flags: ['\\Seen'],
    });
    expect(found.find(({ account }) => account === bob)).toMatchObject({ isInbox: true, flags: [] });
    expect(found.map(({ account }) => account)).toContain(ALL);
    expect(await store.messages.places(nobody)).toEqual([]);
  });

  it('stores envelope, origin, transcript, findings and notes', async () => {
    const store = await open();
    const finding = {
      check: 'protocol',
      rule: 'bare-lf',
      severity: 'warning',
      message: 'A bare LF',
      where: { offset: 3 },
      reference: null,
      help: null,
    } as const;
    const message = newMessage(
      { to: ['alice@example.test', 'Bob@Example.test'] },
      { findings: [finding], notes: { rule: { name: 'x' } }, origin: { ...SMTP_ORIGIN, user: 'app' } },
    );
    const { summary, places, seq } = await store.messages.add(message);
    const stored = await store.messages.get(summary.id);
    expect(stored).toEqual({
      ...summary,
      fullEnvelope: message.envelope,
      origin: message.origin,
      transcript: message.transcript,
      defects: [],
      findings: [finding],
      notes: { rule: { name: 'x' } },
    });
    expect(summary).toMatchObject({
      seq,
      subject: 'Hello',
      user: 'app',
      envelope: { from: 'shop@example.test', to: ['alice@example.test', 'Bob@Example.test'] },
    });
    expect(places.map(({ account, uid }) => `${account} ${uid}`)).toEqual([
      `${alice} 1`,
      `${bob} 1`,
      'all 1',
    ]);
    expect(await store.messages.summary(summary.id)).toEqual(summary);
  });

  it('records the defects of bytes that are not a valid message', async () => {
    const store = await open();
    const raw = Buffer.from('Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary ever\r\n');
    const { summary } = await store.messages.add(newMessage({}, { raw }));
    expect((await store.messages.get(summary.id))?.defects.length).toBeGreaterThan(0);
  });

  it('accepts an id that was assigned before, and no id twice', async () => {
    const store = await open();
    const id = store.messages.newId();
    expect(id).toMatch(/^[0-9a-z]{1,32}$/);
    expect((await store.messages.add(newMessage({}, { id }))).summary.id).toBe(id);
    await expect(store.messages.add(newMessage({}, { id }))).rejects.toMatchObject({ code: 'exists' });
    expect((await store.messages.raw(id))?.toString()).toContain('Some text');
  });

  it('assigns ids that sort by time', async () => {
    const store = await open();
    const ids = Array.from({ length: 100 }, () => store.messages.newId());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('adds a message with a repeated account once, and returns its place twice', async () => {
    const store = await open();
    const { places } = await store.messages.add(
      newMessage({}, { targets: [{ account: alice }, { account: alice }] }),
    );
    expect(places.map(({ account, uid }) => [account, uid])).toEqual([
      [alice, 1],
      [alice, 1],
      [ALL, 1],
    ]);
    expect((await store.accounts.get(alice))?.messages).toBe(1);
  });

  it('adds a message without accounts to all', async () => {
    const store = await open();
    const { places } = await store.messages.add(newMessage({}, { targets: [] }));
    expect(places.map(({ account }) => account)).toEqual([ALL]);
  });

  it('accepts a date of arrival and initial flags', async () => {
    const store = await open();
    const targets = [{ account: alice, flags: ['\\seen', 'Work', '\\Recent'] }];
    await store.messages.add(newMessage({}, { receivedAt: 86_400_000, targets }));
    const inbox = await mailboxOf(store, alice);
    const [placement] = await store.placements.list(inbox.id);
    expect(placement).toMatchObject({ receivedAt: 86_400_000, flags: ['Work', '\\Seen'] });
    expect(await store.accounts.get(alice)).toMatchObject({ messages: 1, unread: 0 });
    expect(await store.accounts.get(ALL)).toMatchObject({ messages: 1, unread: 1 });
  });

  it('appends to a mailbox without adding the message to all', async () => {
    const store = await open();
    await store.accounts.open(alice);
    const sent = await mailboxOf(store, alice, 'Sent');
    await store.messages.add(newMessage({}, { targets: [{ mailbox: sent.id, flags: ['\\Seen'] }] }));
    expect(await contents(store, sent.id)).toEqual(['1:\\Seen']);
    expect((await store.messages.list({ limit: 10 })).total).toBe(0);
  });

  it('adds a message to all that is appended to an INBOX', async () => {
    const store = await open();
    await store.accounts.open(alice);
    const inbox = await mailboxOf(store, alice);
    await store.messages.add(newMessage({}, { targets: [{ mailbox: inbox.id }] }));
    expect((await store.messages.list({ limit: 10 })).total).toBe(1);
  });

  it('stores several messages or none', async () => {
    const store = await open();
    await store.accounts.open(alice);
    const sent = await mailboxOf(store, alice, 'Sent');
    const to = (mailbox: MailboxId) => newMessage({}, { targets: [{ mailbox }] });
    const { seq } = store.changes;
    await expect(store.messages.addAll([to(sent.id), to('nowhere' as MailboxId)])).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(store.changes.seq).toBe(seq);
    expect((await store.facts()).messages).toBe(0);
    const added = await store.messages.addAll([to(sent.id), to(sent.id), to(sent.id)]);
    expect(added.map(({ places }) => places[0]?.uid)).toEqual([1, 2, 3]);
    expect((await store.messages.get(added[2]!.summary.id))?.origin).toEqual(SMTP_ORIGIN);
  });

  it('assigns UIDs without gaps or duplicates to messages added at the same time', async () => {
    const store = await open();
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.messages.add(newMessage({ subject: `${i}` }))),
    );
    for (const account of [alice, ALL]) {
      const inbox = await mailboxOf(store, account);
      const placements = await store.placements.list(inbox.id);
      expect(placements.map(({ uid }) => uid)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      expect(inbox.uidNext).toBe(51);
    }
  });

  it('adds and removes tags, sorted, without duplicates, and publishes only changes', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage({}, { tags: ['b', 'a', 'b'] }));
    expect(summary.tags).toEqual(['a', 'b']);
    const before = store.changes.seq;
    expect(await store.messages.tag([summary.id, nobody], ['c', 'a'], ['b'])).toBe(before + 1);
    expect((await store.messages.summary(summary.id))?.tags).toEqual(['a', 'c']);
    expect(summary.tags, 'a snapshot stays as it was').toEqual(['a', 'b']);
    expect(await store.messages.tag([summary.id], ['c'], ['zz'])).toBe(before + 1);
    await store.messages.add(newMessage({}, { tags: ['c'] }));
    expect(await store.messages.tags(alice)).toEqual([
      { tag: 'a', messages: 1 },
      { tag: 'c', messages: 2 },
    ]);
  });

  it('stores notes by key, replaces and removes them', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage({}, { notes: { first: 1 } }));
    await store.messages.annotate(summary.id, 'second', { deep: [1, null, 'ä'] });
    await store.messages.annotate(summary.id, 'second', 'again');
    await store.messages.annotate(summary.id, 'first', undefined);
    await store.messages.annotate(nobody, 'x', 1);
    expect((await store.messages.get(summary.id))?.notes).toEqual({ second: 'again' });
  });

  it('removes a message from an account and keeps it in the others', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage({ to: [alice, bob] }));
    expect(await store.messages.remove([summary.id, nobody], alice)).toBe(1);
    expect(await store.messages.listed(summary.id, alice)).toBeUndefined();
    expect(await store.messages.listed(summary.id, bob)).toBeDefined();
    expect(await store.messages.raw(summary.id)).toBeDefined();
    expect(await store.messages.remove([summary.id], alice)).toBe(0);
  });

  it('removes a message permanently from all', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage({ to: [alice, bob] }));
    expect(await store.messages.remove([summary.id], ALL)).toBe(1);
    expect(await store.messages.listed(summary.id, bob)).toBeUndefined();
    expect(await store.messages.raw(summary.id)).toBeUndefined();
    expect(await store.messages.get(summary.id)).toBeUndefined();
    expect(await store.messages.summary(summary.id)).toBeUndefined();
    expect(await store.facts()).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('deletes a message with its last place in all, or with its last place if it has none there', async () => {
    const store = await open();
    await store.accounts.open(ALL);
    const inbox = await mailboxOf(store, ALL);
    const archive = await mailboxOf(store, ALL, 'Archive');
    const { summary } = await store.messages.add(newMessage());
    await store.placements.move(inbox.id, [1 as never], archive.id);
    expect(await store.messages.raw(summary.id), 'moved within all').toBeDefined();
    await store.placements.expunge(archive.id, [1 as never]);
    expect(await store.messages.raw(summary.id), 'expunged in all, still in alice').toBeUndefined();
    expect(await store.messages.listed(summary.id, alice)).toBeUndefined();

    await store.accounts.open(bob);
    const sent = await mailboxOf(store, bob, 'Sent');
    const filed = await store.messages.add(newMessage({}, { targets: [{ mailbox: sent.id }] }));
    await store.placements.expunge(sent.id, [1 as never]);
    expect(await store.messages.raw(filed.summary.id)).toBeUndefined();
  });

  it('throws `closed` after it is closed', async () => {
    const store = await open();
    await store.messages.add(newMessage());
    await Promise.all([store.close(), store.close()]);
    await expect(store.messages.add(newMessage())).rejects.toMatchObject({ code: 'closed' });
    await expect(store.messages.list({ limit: 1 })).rejects.toMatchObject({ code: 'closed' });
    await expect(store.accounts.open(alice)).rejects.toMatchObject({ code: 'closed' });
  });
}
