import { expect, it } from 'vitest';
import { ALL, accountName } from '../../../server/store/ids.ts';
import type { AccountsRequest } from '../../../server/store/store.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf } from '../stores.ts';

export function accountsSuite(open: OpenStore): void {
  it('has only the account all at first', async () => {
    const store = await open();
    expect(await store.accounts.list({ limit: 9 })).toMatchObject({
      accounts: [{ name: ALL, minted: false, messages: 0, unread: 0 }],
      total: 1,
      next: null,
    });
    expect((await store.mailboxes.list(ALL)).map(({ name, role }) => [name, role])).toEqual([
      ['INBOX', 'inbox'],
    ]);
  });

  it('lists accounts in pages, newest first, and skips none when the account of the cursor is removed', async () => {
    let now = 1_800_000_000_000;
    const store = await open({ clock: () => now });
    // The clock is set back between the creations of the accounts, so a list by creation time alone would be in the
    // wrong order.
    for (const [name, step] of [
      ['a', 10],
      ['b', 10],
      ['c', -500],
      ['d', 10],
      ['e', 10],
    ] as const) {
      now += step;
      await store.accounts.mint(accountName(`${name}@x.test`), 'pass');
    }
    const page = async (request: Omit<AccountsRequest, 'limit'>): Promise<[string[], string | null]> => {
      const { accounts, next } = await store.accounts.list({ ...request, limit: 2 });
      return [accounts.map(({ name }) => name.replace('@x.test', '')), next];
    };
    const [first, second] = await page({});
    expect(first).toEqual(['all', 'e']);
    const [names, third] = await page({ cursor: second ?? '' });
    expect(names).toEqual(['d', 'c']);
    expect(await page({ cursor: third ?? '' })).toEqual([['b', 'a'], null]);
    await store.accounts.remove(accountName('c@x.test'));
    const left: string[] = [];
    for (let cursor = third; cursor !== null;) {
      const [more, next] = await page({ cursor });
      left.push(...more);
      cursor = next;
    }
    expect(left).toEqual(expect.arrayContaining(['b', 'a']));
    expect(await store.accounts.list({ name: 'D@X', limit: 2 })).toMatchObject({
      accounts: [{ name: 'd@x.test' }],
      total: 1,
      next: null,
    });
    await expect(store.accounts.list({ limit: 1, cursor: '!' })).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
  });

  it('creates an account with its first mail, with only an INBOX', async () => {
    const store = await open({ clock: () => 1_800_000_000_000 });
    await store.messages.add(newMessage());
    expect(await store.accounts.get(alice)).toEqual({
      name: alice,
      minted: false,
      hasPassword: false,
      createdAt: 1_800_000_000_000,
      messages: 1,
      unread: 1,
    });
    expect((await store.mailboxes.list(alice)).map(({ name }) => name)).toEqual(['INBOX']);
    expect(await store.accounts.credentials(alice)).toEqual({ name: alice, password: null });
  });

  it('creates the standard mailboxes of an account when it is opened, once', async () => {
    const store = await open();
    await store.messages.add(newMessage());
    const inbox = await mailboxOf(store, alice);
    await store.accounts.open(alice);
    const { seq } = store.changes;
    expect(await store.accounts.open(alice)).toMatchObject({ messages: 1 });
    expect(store.changes.seq).toBe(seq);
    const mailboxes = await store.mailboxes.list(alice);
    expect(mailboxes.map(({ name, role, subscribed }) => `${name} ${role} ${subscribed}`).sort()).toEqual([
      'Archive archive true',
      'Drafts drafts true',
      'INBOX inbox true',
      'Junk junk true',
      'Sent sent true',
      'Trash trash true',
    ]);
    expect((await mailboxOf(store, alice)).id).toBe(inbox.id);
    expect(new Set(mailboxes.map(({ id }) => id)).size).toBe(6);
  });

  it('creates an account with a password, unless the name exists', async () => {
    const store = await open();
    expect(await store.accounts.mint(bob, 'secret')).toMatchObject({ name: bob, minted: true, messages: 0 });
    expect(await store.accounts.credentials(bob)).toEqual({ name: bob, password: 'secret' });
    await expect(store.accounts.mint(bob, 'other')).rejects.toMatchObject({ code: 'exists' });
    await store.accounts.open(bob);
    expect(await store.accounts.get(bob)).toMatchObject({ minted: true });
    expect(await store.accounts.credentials(alice)).toBeUndefined();
  });

  it('changes a password, or accepts any again, and publishes the change', async () => {
    const store = await open();
    await store.messages.add(newMessage({ to: [alice] }));
    const { seq } = store.changes;
    expect(await store.accounts.setPassword(alice, 'secret')).toMatchObject({
      hasPassword: true,
      messages: 1,
    });
    expect(store.changes.seq).toBeGreaterThan(seq);
    expect(await store.accounts.credentials(alice)).toEqual({ name: alice, password: 'secret' });
    expect(await store.accounts.setPassword(alice, null)).toMatchObject({ hasPassword: false, minted: true });
    expect(await store.accounts.credentials(alice)).toEqual({ name: alice, password: null });
    await expect(store.accounts.setPassword(bob, 'x')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('deletes an account without mail, unless it was opened', async () => {
    const store = await open();
    await store.accounts.open(bob);
    const { summary } = await store.messages.add(newMessage({ to: [alice, bob] }));
    const before = await mailboxOf(store, alice);
    await store.messages.remove([summary.id], ALL);
    expect(await store.accounts.get(alice)).toBeUndefined();
    expect(await store.accounts.get(bob)).toMatchObject({ messages: 0 });
    await store.messages.add(newMessage());
    const after = await mailboxOf(store, alice);
    expect(after.id).not.toBe(before.id);
    expect(after.uidValidity).toBeGreaterThan(before.uidValidity);
  });

  it('deletes it also when its last message is expunged or moved away', async () => {
    const store = await open();
    await store.messages.add(newMessage({ to: [alice, bob] }));
    await store.placements.expunge((await mailboxOf(store, alice)).id, [1 as never]);
    expect(await store.accounts.get(alice)).toBeUndefined();
    await store.placements.move(
      (await mailboxOf(store, bob)).id,
      [1 as never],
      (await mailboxOf(store, ALL)).id,
    );
    expect(await store.accounts.get(bob)).toBeUndefined();
    expect((await store.messages.list({ limit: 9 })).total).toBe(2);
  });

  it('removes an account with the messages that only it and all have', async () => {
    const store = await open();
    const own = await store.messages.add(newMessage());
    const shared = await store.messages.add(newMessage({ to: [alice, bob] }));
    expect(await store.accounts.remove(alice)).toBe(true);
    expect(await store.accounts.remove(alice)).toBe(false);
    expect(await store.accounts.get(alice)).toBeUndefined();
    expect(await store.messages.summary(own.summary.id)).toBeUndefined();
    expect(await store.messages.listed(shared.summary.id, bob)).toBeDefined();
    expect((await store.messages.list({ limit: 9 })).total).toBe(1);
    expect(await store.mailboxes.list(alice)).toEqual([]);
  });

  it('does not remove all', async () => {
    const store = await open();
    await expect(store.accounts.remove(ALL)).rejects.toMatchObject({ code: 'invalid-name' });
  });
}
