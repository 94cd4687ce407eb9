import { expect, it } from 'vitest';
import { ALL, type MailboxId } from '../../../server/store/ids.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, contents, mailboxOf, uids } from '../stores.ts';

export function mailboxesSuite(open: OpenStore): void {
  const opened = async () => {
    const store = await open();
    await store.accounts.open(alice);
    return store;
  };

  it('creates a mailbox with its parents, and finds it by name and id', async () => {
    const store = await opened();
    const made = await store.mailboxes.create(alice, 'Projects/Straße/2026', 'archive');
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
    expect(await store.mailboxes.find(alice, 'Projects/Straße')).toMatchObject({ role: null });
    expect(await store.mailboxes.get(made.id)).toEqual(made);
    expect(await store.mailboxes.get('m0' as MailboxId)).toBeUndefined();
    await expect(store.mailboxes.create(alice, 'Projects')).rejects.toMatchObject({ code: 'exists' });
  });

  it('finds INBOX in any letter case, and other names exactly', async () => {
    const store = await opened();
    expect((await store.mailboxes.find(alice, 'iNbOx'))?.name).toBe('INBOX');
    expect(await store.mailboxes.find(alice, 'sent')).toBeUndefined();
    await expect(store.mailboxes.create(alice, 'inbox')).rejects.toMatchObject({ code: 'exists' });
    expect((await store.mailboxes.create(alice, 'inbox/child')).name).toBe('INBOX/child');
  });

  it.each(['', '/', 'a//b', '/a', 'a/', 'a\u0000b', 'a\nb', 'x'.repeat(2000)])(
    'refuses the name %j',
    async (name) => {
      const store = await opened();
      await expect(store.mailboxes.create(alice, name)).rejects.toMatchObject({ code: 'invalid-name' });
    },
  );

  it('refuses mailboxes that do not exist', async () => {
    const store = await open();
    await expect(store.mailboxes.create(alice, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.mailboxes.delete(alice, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.placements.list('m0' as MailboxId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.placements.setFlags('m0' as MailboxId, [], 'add', [])).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('deletes a mailbox with its messages and keeps its children', async () => {
    const store = await opened();
    const parent = await store.mailboxes.create(alice, 'a');
    await store.mailboxes.create(alice, 'a/b');
    const { summary } = await store.messages.add(newMessage({}, { targets: [{ mailbox: parent.id }] }));
    await store.mailboxes.delete(alice, 'a');
    expect(await store.mailboxes.find(alice, 'a')).toBeUndefined();
    expect(await store.mailboxes.find(alice, 'a/b')).toBeDefined();
    expect(await store.messages.raw(summary.id)).toBeUndefined();
    await expect(store.mailboxes.delete(alice, 'INBOX')).rejects.toMatchObject({ code: 'invalid-name' });
    const again = await store.mailboxes.create(alice, 'a');
    expect(again.uidValidity).toBeGreaterThan(parent.uidValidity);
    expect(again.id).not.toBe(parent.id);
  });

  it('renames a mailbox with its children, keeping ids and messages', async () => {
    const store = await opened();
    const a = await store.mailboxes.create(alice, 'a');
    await store.mailboxes.create(alice, 'a/b/c');
    await store.messages.add(newMessage({}, { targets: [{ mailbox: a.id }] }));
    await store.mailboxes.rename(alice, 'a', 'x/y');
    const names = (await store.mailboxes.list(alice)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['x', 'x/y', 'x/y/b', 'x/y/b/c']));
    expect(names).not.toContain('a');
    const renamed = await mailboxOf(store, alice, 'x/y');
    expect(renamed).toMatchObject({ id: a.id, messages: 1 });
    await store.mailboxes.create(alice, 'a');
    expect((await mailboxOf(store, alice, 'a')).uidValidity).toBeGreaterThan(a.uidValidity);
    await expect(store.mailboxes.rename(alice, 'a', 'x')).rejects.toMatchObject({ code: 'exists' });
    await expect(store.mailboxes.rename(alice, 'a', 'a/b')).rejects.toMatchObject({ code: 'invalid-name' });
    await expect(store.mailboxes.rename(alice, 'nope', 'z')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('moves the messages out when INBOX is renamed (RFC 9051 §6.3.6)', async () => {
    const store = await opened();
    await store.messages.add(newMessage());
    await store.mailboxes.rename(alice, 'INBOX', 'old');
    expect(await mailboxOf(store, alice)).toMatchObject({ messages: 0, uidNext: 2 });
    expect(await contents(store, (await mailboxOf(store, alice, 'old')).id)).toEqual(['1:']);
    expect((await store.messages.list({ limit: 1 })).total).toBe(1);
  });

  it('subscribes names, existing or not', async () => {
    const store = await opened();
    await store.mailboxes.subscribe(alice, 'later', true);
    await store.mailboxes.subscribe(alice, 'Sent', false);
    await store.mailboxes.subscribe(alice, 'inbox', false);
    expect(await store.mailboxes.subscriptions(alice)).toEqual([
      'Archive',
      'Drafts',
      'Junk',
      'Trash',
      'later',
    ]);
    expect(await mailboxOf(store, alice, 'Sent')).toMatchObject({ subscribed: false });
    await store.mailboxes.subscribe(alice, 'INBOX', true);
    expect(await store.mailboxes.subscriptions(alice)).toContain('INBOX');
  });

  it('lets one session claim the recent messages', async () => {
    const store = await opened();
    await store.messages.add(newMessage());
    await store.messages.add(newMessage());
    const { id } = await mailboxOf(store, alice);
    expect(await store.mailboxes.claimRecent(id)).toBe(1);
    expect(await store.mailboxes.claimRecent(id)).toBe(3);
    await store.messages.add(newMessage());
    expect(await Promise.all([store.mailboxes.claimRecent(id), store.mailboxes.claimRecent(id)])).toEqual([
      3, 4,
    ]);
  });

  it('updates its counters when messages arrive, change and are deleted', async () => {
    const store = await opened();
    const sizes: number[] = [];
    for (let i = 0; i < 4; i++)
      sizes.push((await store.messages.add(newMessage({ body: 'x'.repeat(i * 10) }))).summary.size);
    const { id } = await mailboxOf(store, alice);
    await store.placements.setFlags(id, uids(1, 2), 'add', ['\\Seen', '\\Deleted']);
    await store.placements.setFlags(id, uids(2), 'remove', ['\\Deleted']);
    expect(await mailboxOf(store, alice)).toMatchObject({ messages: 4, unseen: 2, deleted: 1 });
    await store.placements.expunge(id, uids(1));
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
