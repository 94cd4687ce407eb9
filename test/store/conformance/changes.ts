import { expect, it } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import { ALL, type Seq } from '../../../server/store/ids.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, uids } from '../stores.ts';

export function changesSuite(open: OpenStore): void {
  it('publishes every change, in order, without a gap, before the call resolves', async () => {
    const store = await open();
    const heard: Change[] = [];
    const start = store.changes.seq;
    store.changes.subscribe((change) => heard.push(change));
    const { summary, seq } = await store.messages.add(newMessage());
    expect(heard.at(-1)).toMatchObject({ kind: 'message-added', seq, message: summary.id });
    await store.accounts.open(alice);
    await store.accounts.open(ALL);
    const inbox = await mailboxOf(store, alice);
    const sent = await mailboxOf(store, alice, 'Sent');
    await store.placements.setFlags(inbox.id, uids(1), 'add', ['\\Seen']);
    await store.placements.copy(inbox.id, uids(1), sent.id);
    await store.placements.expunge(sent.id, uids(1));
    await store.messages.tag([summary.id], ['t'], []);
    await store.messages.annotate(summary.id, 'note', 1);
    await store.records.collection('rules').put('a', 1);
    await store.mailboxes.create(alice, 'x');
    await store.mailboxes.rename(alice, 'x', 'y');
    await store.mailboxes.subscribe(alice, 'y', true);
    await store.mailboxes.delete(alice, 'y');
    await store.messages.remove([summary.id], ALL);
    await store.accounts.mint(bob, 'pw');
    await store.accounts.remove(bob);
    await store.records.collection('rules').delete('a');
    expect(heard.map(({ kind }) => kind).filter((kind, i, all) => kind !== all[i - 1])).toEqual([
      'account-added',
      'message-added',
      'mailbox-added',
      'flagged',
      'placed',
      'expunged',
      'tagged',
      'annotated',
      'record',
      'mailbox-added',
      'mailbox-renamed',
      'mailbox-changed',
      'mailbox-removed',
      'message-removed',
      'account-added',
      'mailbox-added',
      'account-removed',
      'record',
    ]);
    expect(heard.map(({ seq: number }) => number)).toEqual(heard.map((_, i) => start + 1 + i));
    expect(store.changes.since(start)).toEqual(heard);
    expect(store.changes.seq).toBe(heard.at(-1)?.seq);
  });

  it('publishes the placements of a message, and the reason of its removal', async () => {
    const store = await open();
    const { summary, places } = await store.messages.add(newMessage({ to: [alice, bob] }));
    expect(store.changes.since((summary.seq - 1) as Seq)).toEqual([
      { kind: 'message-added', seq: summary.seq, message: summary.id, places },
    ]);
    const before = store.changes.seq;
    await store.messages.remove([summary.id], ALL);
    const [removed, ...forgotten] = store.changes.since(before) ?? [];
    expect(removed).toEqual({
      kind: 'message-removed',
      seq: before + 1,
      message: summary.id,
      places,
      reason: 'deleted',
    });
    expect(forgotten).toMatchObject([
      { kind: 'account-removed', account: alice },
      { kind: 'account-removed', account: bob },
    ]);
  });

  it('notifies each listener until it unsubscribes, and survives one that throws', async () => {
    const store = await open();
    const heard: string[] = [];
    const stop = store.changes.subscribe(({ kind }) => void heard.push(`first ${kind}`));
    store.changes.subscribe(() => {
      throw new Error('a listener broke');
    });
    store.changes.subscribe(({ kind }) => void heard.push(`last ${kind}`));
    await store.records.collection('x').put('a', 1);
    stop();
    stop();
    await store.records.collection('x').put('b', 2);
    expect(heard).toEqual(['first record', 'last record', 'last record']);
    expect((await store.facts()).warnings.join()).toContain('a listener broke');
  });

  it('returns undefined for changes older than its history', async () => {
    const store = await open();
    expect(store.changes.since(store.changes.seq)).toEqual([]);
    expect(store.changes.since((store.changes.seq + 1) as Seq)).toBeUndefined();
    expect(store.changes.since(0 as Seq)?.[0]?.seq).toBe(1);
    const records = store.records.collection<number>('x');
    for (let i = 0; i < 33_000; i += 1000) {
      await Promise.all(Array.from({ length: 1000 }, (_, j) => records.put('k', i + j)));
    }
    expect(store.changes.since(1 as Seq)).toBeUndefined();
    const since = store.changes.since((store.changes.seq - 16_000) as Seq);
    expect(since).toHaveLength(16_000);
    expect(since?.at(-1)?.seq).toBe(store.changes.seq);
  });
}
