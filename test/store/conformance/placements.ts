import { expect, it } from 'vitest';
import { ALL, type Seq, type Uid } from '../../../server/store/ids.ts';
import type { Store } from '../../../server/store/store.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, contents, mailboxOf, uids } from '../stores.ts';

export function placementsSuite(open: OpenStore): void {
  const withMail = async (count: number): Promise<Store> => {
    const store = await open();
    await store.accounts.open(alice);
    await store.messages.addAll(Array.from({ length: count }, (_, i) => newMessage({ subject: `${i + 1}` })));
    return store;
  };

  it('adds, removes and replaces flags, in canonical spelling', async () => {
    const store = await withMail(2);
    const { id } = await mailboxOf(store, alice);
    const { updated, modified } = await store.placements.setFlags(id, uids(1, 2, 9), 'add', [
      '\\SEEN',
      '$Forwarded',
      'Work',
    ]);
    expect(updated.map(({ uid }) => uid)).toEqual([1, 2]);
    expect(modified).toEqual([]);
    expect(updated[0]?.flags).toEqual(['$Forwarded', 'Work', '\\Seen']);
    await store.placements.setFlags(id, uids(1), 'remove', ['WORK', '\\Seen']);
    await store.placements.setFlags(id, uids(2), 'replace', ['\\Answered', '\\Bogus', '\\Recent']);
    expect(await contents(store, id)).toEqual(['1:$Forwarded', '2:\\Answered']);
  });

  it('stores a keyword in the spelling that a message had first, not in that of a change without effect', async () => {
    const store = await withMail(2);
    const { id } = await mailboxOf(store, alice);
    await store.placements.setFlags(id, uids(9), 'add', ['todo']);
    await store.placements.setFlags(id, uids(1), 'remove', ['todo']);
    await store.placements.setFlags(id, uids(1), 'add', ['Todo', 'TODO']);
    await store.placements.setFlags(id, uids(2), 'add', ['todo']);
    expect(await contents(store, id)).toEqual(['1:Todo', '2:Todo']);
  });

  it('increases MODSEQ with every change, and only then', async () => {
    const store = await withMail(3);
    const { id, highestModseq } = await mailboxOf(store, alice);
    const { updated } = await store.placements.setFlags(id, uids(2), 'add', ['\\Seen']);
    expect(updated[0]?.modseq).toBe(store.changes.seq);
    expect(updated[0]?.modseq).toBeGreaterThan(highestModseq);
    expect((await mailboxOf(store, alice)).highestModseq).toBe(updated[0]?.modseq);
    const again = await store.placements.setFlags(id, uids(2), 'add', ['\\Seen']);
    expect(again.updated[0]?.modseq).toBe(updated[0]?.modseq);
    expect((await store.placements.list(id, highestModseq)).map(({ uid }) => uid)).toEqual([2]);
    expect(await store.placements.list(id, store.changes.seq)).toEqual([]);
    expect((await store.placements.list(id)).map(({ uid }) => uid)).toEqual([1, 2, 3]);
  });

  it('does not change messages that changed since (RFC 7162 §3.1.3)', async () => {
    const store = await withMail(3);
    const { id } = await mailboxOf(store, alice);
    const since = store.changes.seq;
    await store.placements.setFlags(id, uids(2), 'add', ['\\Flagged']);
    const { updated, modified } = await store.placements.setFlags(
      id,
      uids(1, 2, 3),
      'add',
      ['\\Deleted'],
      since,
    );
    expect(updated.map(({ uid }) => uid)).toEqual([1, 3]);
    expect(modified).toEqual([2]);
    expect((await store.placements.setFlags(id, uids(1), 'add', ['x'], 0 as Seq)).modified).toEqual([1]);
  });

  it('copies with flags and date, under new UIDs', async () => {
    const store = await withMail(3);
    const inbox = await mailboxOf(store, alice);
    const archive = await mailboxOf(store, alice, 'Archive');
    await store.placements.setFlags(inbox.id, uids(3), 'add', ['\\Seen', 'k']);
    const outcome = await store.placements.copy(inbox.id, uids(3, 1, 77), archive.id);
    expect(outcome).toEqual({ uidValidity: archive.uidValidity, source: [1, 3], target: [1, 2] });
    expect(await contents(store, archive.id)).toEqual(['1:', '2:\\Seen k']);
    const [original] = await store.placements.list(inbox.id);
    const [copy] = await store.placements.list(archive.id);
    expect(copy).toMatchObject({ message: original?.message, receivedAt: original?.receivedAt });
    expect(copy!.savedAt).toBeGreaterThanOrEqual(original!.savedAt);
    expect(await store.placements.copy(inbox.id, uids(77), archive.id)).toMatchObject({
      source: [],
      target: [],
    });
  });

  it('moves in one step', async () => {
    const store = await withMail(2);
    const inbox = await mailboxOf(store, alice);
    const trash = await mailboxOf(store, alice, 'Trash');
    const before = store.changes.seq;
    const outcome = await store.placements.move(inbox.id, uids(1, 2), trash.id);
    expect(outcome).toMatchObject({ source: [1, 2], target: [1, 2] });
    expect(await contents(store, inbox.id)).toEqual([]);
    expect(await store.placements.expungedSince(inbox.id, before)).toEqual([1, 2]);
    expect(store.changes.since(before)?.map(({ kind }) => kind)).toEqual([
      'placed',
      'placed',
      'expunged',
      'expunged',
    ]);
  });

  it('never assigns a UID twice', async () => {
    const store = await withMail(3);
    const { id } = await mailboxOf(store, alice);
    await store.placements.expunge(id, uids(3));
    await store.messages.add(newMessage());
    expect((await store.placements.list(id)).map(({ uid }) => uid)).toEqual([1, 2, 4]);
  });

  it('expunges messages and remembers them for clients that resynchronise', async () => {
    const store = await withMail(4);
    const { id } = await mailboxOf(store, alice);
    const start = store.changes.seq;
    expect(await store.placements.expunge(id, uids(3, 1, 99, 1))).toEqual([1, 3]);
    const middle = store.changes.seq;
    expect(await store.placements.expunge(id, uids(1))).toEqual([]);
    await store.messages.remove([(await store.placements.list(id))[0]!.message], ALL);
    expect(await store.placements.expungedSince(id, start)).toEqual([1, 2, 3]);
    expect(await store.placements.expungedSince(id, middle)).toEqual([2]);
    expect(await store.placements.expungedSince(id, store.changes.seq)).toEqual([]);
  });

  it('adds to all a message that is copied into an INBOX, unless it is there', async () => {
    const store = await open();
    await store.accounts.open(alice);
    await store.accounts.open(bob);
    const sent = await mailboxOf(store, alice, 'Sent');
    await store.messages.add(newMessage({}, { targets: [{ mailbox: sent.id }] }));
    const inbox = await mailboxOf(store, bob);
    await store.placements.copy(sent.id, uids(1), inbox.id);
    await store.placements.copy(sent.id, uids(1), inbox.id);
    expect((await store.messages.list({ limit: 9, account: bob })).total).toBe(2);
    expect((await store.messages.list({ limit: 9 })).total).toBe(1);
  });

  it('deletes a message with two places in one mailbox with its first removal from all', async () => {
    const store = await open();
    await store.accounts.open(ALL);
    const inbox = await mailboxOf(store, ALL);
    await store.messages.add(newMessage());
    await store.placements.copy(inbox.id, uids(1), inbox.id);
    expect((await store.messages.list({ limit: 9 })).total).toBe(2);
    const gone = await store.placements.expunge(inbox.id, uids(1, 2));
    expect(gone).toEqual([1, 2]);
    expect(await store.facts()).toMatchObject({ messages: 0 });
    expect(await store.placements.expungedSince(inbox.id, 0 as Seq)).toEqual([1, 2]);
  });

  it('records every UID of a message that is deleted with two places in one mailbox', async () => {
    const store = await open();
    await store.accounts.open(alice);
    const { summary } = await store.messages.add(newMessage());
    const inbox = await mailboxOf(store, alice);
    await store.placements.copy(inbox.id, uids(1), inbox.id);
    expect(await store.messages.remove([summary.id], ALL)).toBe(1);
    expect(await store.placements.expungedSince(inbox.id, 0 as Seq)).toEqual([1, 2]);
  });

  it('changes many placements', async () => {
    const store = await withMail(1300);
    const { id } = await mailboxOf(store, alice);
    const every = Array.from({ length: 1300 }, (_, i) => (i + 1) as Uid);
    const { updated } = await store.placements.setFlags(id, every, 'add', ['\\Deleted']);
    expect(updated).toHaveLength(1300);
    expect(new Set(updated.map(({ modseq }) => modseq)).size).toBe(1300);
    expect(await store.placements.expunge(id, every)).toEqual(every);
    expect(await mailboxOf(store, alice)).toMatchObject({ messages: 0, deleted: 0, size: 0, unseen: 0 });
  });
}
