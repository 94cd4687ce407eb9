/** Tests deletions that can be undone. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Deletion } from '../../server/service/deletion.ts';
import { parseQuery } from '../../server/store/find/language/parse.ts';
import { accountName, ALL } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { newMessage } from '../store/new-message.ts';

const bob = accountName('bob@x.test');
const cleo = accountName('cleo@x.test');

async function openWorld(mostOctets?: number) {
  const store = await openMemoryStore();
  let tokens = 0;
  const deletion = new Deletion(store, () => `token ${++tokens}`, mostOctets);
  onTestFinished(async () => {
    deletion.close();
    await store.close();
  });
  const add = async (subject: string) => {
    const targets = [{ account: bob, flags: ['\\Flagged'] }, { account: cleo }];
    const { summary } = await store.messages.add(newMessage({ subject }, { targets, tags: ['kept'] }));
    return summary;
  };
  const subjects = async (account: typeof ALL) =>
    (await store.messages.list({ account, limit: 10 })).messages.map(({ summary }) => summary.subject);
  return { store, deletion, add, subjects };
}

describe('a deletion from all accounts', () => {
  it('takes effect at once, and is undone with a new id, new UIDs, and the data that the message had', async () => {
    const { store, deletion, add, subjects } = await openWorld();
    const before = await add('one');
    const raw = await store.messages.raw(before.id);
    const [place] = await store.messages.places(before.id);
    const { count, undo } = await deletion.remove([before.id], ALL, 60);
    expect([count, await subjects(ALL), await subjects(bob)]).toEqual([1, [], []]);
    const changes: string[] = [];
    store.changes.subscribe(({ kind }) => changes.push(kind));
    const [restored] = await deletion.restore(undo!);
    expect(restored?.was).toBe(before.id);
    expect(changes).toContain('message-added');
    const after = await store.messages.get(restored!.id);
    const { subject, receivedAt, tags, envelope } = before;
    expect(after).toMatchObject({ subject, receivedAt, tags, envelope });
    expect(await store.messages.raw(restored!.id)).toEqual(raw);
    expect(await store.messages.listed(restored!.id, bob)).toMatchObject({ flagged: true, seen: false });
    const places = await store.messages.places(restored!.id);
    expect(places.map(({ account }) => account).sort()).toEqual([ALL, bob, cleo].sort());
    const again = places.find(({ account }) => account === place?.account);
    expect([again?.mailbox, again?.uid]).not.toEqual([place?.mailbox, place?.uid]);
    expect(deletion.octets).toBe(0);
  });

  it('can be undone once, and not after its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { deletion, add, store } = await openWorld();
    const first = await deletion.remove([(await add('one')).id], ALL, 60);
    await deletion.restore(first.undo!);
    await expect(deletion.restore(first.undo!)).rejects.toThrow('can no longer be undone');
    const { messages } = await store.messages.list({ limit: 1 });
    const second = await deletion.remove([messages[0]!.summary.id], ALL, 60);
    expect(deletion.octets).toBeGreaterThan(0);
    vi.advanceTimersByTime(60_000);
    expect(deletion.octets).toBe(0);
    await expect(deletion.restore(second.undo!)).rejects.toThrow('can no longer be undone');
  });

  it('keeps nothing of messages that are too large together', async () => {
    const { deletion, add, subjects } = await openWorld(100);
    const { id } = await add('x'.repeat(200));
    expect(await deletion.remove([id], ALL, 60)).toEqual({ count: 1, undo: null });
    expect([deletion.octets, await subjects(ALL)]).toEqual([0, []]);
  });

  it('of all that match is undone in the order of arrival', async () => {
    const { deletion, add, subjects } = await openWorld();
    for (const subject of ['one', 'two', 'other', 'three']) await add(subject);
    const query = parseQuery('-subject:other');
    const { count, undo } = await deletion.removeMatching({ account: ALL, query }, 60);
    expect([count, await subjects(ALL)]).toEqual([3, ['other']]);
    expect(await deletion.restore(undo!)).toHaveLength(3);
    expect(await subjects(ALL)).toEqual(['three', 'two', 'one', 'other']);
  });
});

it('a deletion from one account is undone with the same id, flags, and no copy in memory', async () => {
  const { store, deletion, add, subjects } = await openWorld();
  const { id } = await add('one');
  const { undo } = await deletion.remove([id], bob, 60);
  expect([await subjects(bob), await subjects(ALL), deletion.octets]).toEqual([[], ['one'], 0]);
  expect(await deletion.restore(undo!)).toEqual([{ id, was: id }]);
  expect(await store.messages.listed(id, bob)).toMatchObject({ flagged: true, seen: false });
});

it('a message that was deleted everywhere after its deletion from one account is not restored', async () => {
  const { store, deletion, add } = await openWorld();
  const { id } = await add('one');
  const { undo } = await deletion.remove([id], bob, 60);
  await store.messages.remove([id], ALL);
  expect(await deletion.restore(undo!)).toEqual([]);
});
