import { expect, it } from 'vitest';
import { ALL, type MailboxId } from '../../../server/store/ids.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, contents, mailboxOf, uids } from '../stores.ts';

export function mailboxesSuite(open: OpenStore): void {
  const opened = async () => {
    const store = await open();
    await store.openAccount(alice);
    return store;
  };

  it('makes a mailbox with its parents, and finds it by name and id', async () => {
    const store = await opened();
    const made = await store.createMailbox(alice, 'Projects/Straße/2026', 'archive');
    expect(made).toMatchObject({
      account: alice,
      name: 'Projects/Straße/2026',
      role: 'archive',
      subscribed: false,
      uidNext: 1,
      messages: 0,
      unseen: 0,
      deleted: 0,
      size: 0,
    });
    expect(made.uidValidity).toBeGreaterThan(0);
    expect(made.uidValidity).toBeLessThan(2 ** 32);
    expect(made.highestModseq).toBeGreaterThan(0);
    expect(await store.mailbox(alice, 'Projects/Straße')).toMatchObject({ role: null });
    expect(await store.mailboxById(made.id)).toEqual(made);
    expect(await store.mailboxById('m0' as MailboxId)).toBeUndefined();
    await expect(store.createMailbox(alice, 'Projects')).rejects.toMatchObject({ code: 'exists' });
  });

  it('knows INBOX in any case, and other names exactly', async () => {
    const store = await opened();
    expect((await store.mailbox(alice, 'iNbOx'))?.name).toBe('INBOX');
    expect(await store.mailbox(alice, 'sent')).toBeUndefined();
    await expect(store.createMailbox(alice, 'inbox')).rejects.toMatchObject({ code: 'exists' });
    expect((await store.createMailbox(alice, 'inbox/child')).name).toBe('INBOX/child');
  });

  it.each(['', '/', 'a//b', '/a', 'a/', 'a\u0000b', 'a\nb', 'x'.repeat(2000)])(
    'refuses the name %j',
    async (name) => {
      const store = await opened();
      await expect(store.createMailbox(alice, name)).rejects.toMatchObject({ code: 'invalid-name' });
    },
  );

  it('refuses what is not there', async () => {
    const store = await open();
    await expect(store.createMailbox(alice, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.deleteMailbox(alice, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.placements('m0' as MailboxId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.setFlags('m0' as MailboxId, [], 'add', [])).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('deletes a mailbox with its messages and leaves its children', async () => {
    const store = await opened();
    const parent = await store.createMailbox(alice, 'a');
    await store.createMailbox(alice, 'a/b');
    const { summary } = await store.add(newMessage({}, { targets: [{ mailbox: parent.id }] }));
    await store.deleteMailbox(alice, 'a');
    expect(await store.mailbox(alice, 'a')).toBeUndefined();
    expect(await store.mailbox(alice, 'a/b')).toBeDefined();
    expect(await store.raw(summary.id)).toBeUndefined();
    await expect(store.deleteMailbox(alice, 'INBOX')).rejects.toMatchObject({ code: 'invalid-name' });
    const again = await store.createMailbox(alice, 'a');
    expect(again.uidValidity).toBeGreaterThan(parent.uidValidity);
    expect(again.id).not.toBe(parent.id);
  });

  it('renames a mailbox with its children, keeping ids and messages', async () => {
    const store = await opened();
    const a = await store.createMailbox(alice, 'a');
    await store.createMailbox(alice, 'a/b/c');
    await store.add(newMessage({}, { targets: [{ mailbox: a.id }] }));
    await store.renameMailbox(alice, 'a', 'x/y');
    const names = (await store.mailboxes(alice)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['x', 'x/y', 'x/y/b', 'x/y/b/c']));
    expect(names).not.toContain('a');
    const renamed = await mailboxOf(store, alice, 'x/y');
    expect(renamed).toMatchObject({ id: a.id, messages: 1 });
    await store.createMailbox(alice, 'a');
    expect((await mailboxOf(store, alice, 'a')).uidValidity).toBeGreaterThan(a.uidValidity);
    await expect(store.renameMailbox(alice, 'a', 'x')).rejects.toMatchObject({ code: 'exists' });
    await expect(store.renameMailbox(alice, 'a', 'a/b')).rejects.toMatchObject({ code: 'invalid-name' });
    await expect(store.renameMailbox(alice, 'nope', 'z')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('moves the messages out when INBOX is renamed (RFC 9051 §6.3.6)', async () => {
    const store = await opened();
    await store.add(newMessage());
    await store.renameMailbox(alice, 'INBOX', 'old');
    expect(await mailboxOf(store, alice)).toMatchObject({ messages: 0, uidNext: 2 });
    expect(await contents(store, (await mailboxOf(store, alice, 'old')).id)).toEqual(['1:']);
    expect((await store.list({ limit: 1 })).total).toBe(1);
  });

  it('subscribes names, existing or not', async () => {
    const store = await opened();
    await store.subscribe(alice, 'later', true);
    await store.subscribe(alice, 'Sent', false);
    await store.subscribe(alice, 'inbox', false);
    expect(await store.subscriptions(alice)).toEqual(['Archive', 'Drafts', 'Junk', 'Trash', 'later']);
    expect(await mailboxOf(store, alice, 'Sent')).toMatchObject({ subscribed: false });
    await store.subscribe(alice, 'INBOX', true);
    expect(await store.subscriptions(alice)).toContain('INBOX');
  });

  it('lets recent messages be claimed once', async () => {
    const store = await opened();
    await store.add(newMessage());
    await store.add(newMessage());
    const { id } = await mailboxOf(store, alice);
    expect(await store.claimRecent(id)).toBe(1);
    expect(await store.claimRecent(id)).toBe(3);
    await store.add(newMessage());
    expect(await Promise.all([store.claimRecent(id), store.claimRecent(id)])).toEqual([3, 4]);
  });

  it('keeps counters as messages come, change and go', async () => {
    const store = await opened();
    const sizes: number[] = [];
    for (let i = 0; i < 4; i++)
      sizes.push((await store.add(newMessage({ body: 'x'.repeat(i * 10) }))).summary.size);
    const { id } = await mailboxOf(store, alice);
    await store.setFlags(id, uids(1, 2), 'add', ['\\Seen', '\\Deleted']);
    await store.setFlags(id, uids(2), 'remove', ['\\Deleted']);
    expect(await mailboxOf(store, alice)).toMatchObject({ messages: 4, unseen: 2, deleted: 1 });
    await store.expunge(id, uids(1));
    const size = sizes.slice(1).reduce((a, b) => a + b);
    expect(await mailboxOf(store, alice)).toMatchObject({
      messages: 3,
      unseen: 2,
      deleted: 0,
      uidNext: 5,
      size,
    });
    expect(await mailboxOf(store, ALL)).toMatchObject({ messages: 4, unseen: 4 });
  });
}
