import { describe, expect, it } from 'vitest';
import { ALL, type MessageId } from '../../../server/store/ids.ts';
import type { Query } from '../../../server/store/find/language/ast.ts';
import type { ListRequest, Store } from '../../../server/store/store.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, uids } from '../stores.ts';

const subject = (value: string): Query => ({ kind: 'text', field: 'subject', value });
const body = (value: string): Query => ({ kind: 'text', field: 'body', value });

const addMany = async (store: Store, count: number, from = 1): Promise<void> => {
  for (let i = from; i < from + count; i++) {
    const to = i % 2 === 0 ? [alice] : [alice, bob];
    await store.messages.add(
      newMessage({ to, subject: `Number ${i}`, body: i % 3 === 0 ? 'fizz' : 'other' }),
    );
  }
};

const subjects = async (store: Store, request: Partial<ListRequest>): Promise<number[]> =>
  (await store.messages.list({ limit: 100, ...request })).messages.map(({ summary }) =>
    Number(summary.subject.slice(7)),
  );

export function listsSuite(open: OpenStore): void {
  it('lists an account newest first, with totals', async () => {
    const store = await open();
    await addMany(store, 5);
    expect(await subjects(store, {})).toEqual([5, 4, 3, 2, 1]);
    expect(await subjects(store, { account: bob })).toEqual([5, 3, 1]);
    expect(await subjects(store, { order: 'oldest', limit: 2 })).toEqual([1, 2]);
    expect(await subjects(store, { limit: 2, offset: 1 })).toEqual([4, 3]);
    expect(await subjects(store, { query: subject('number'), limit: 2, offset: 4 })).toEqual([1]);
    const page = await store.messages.list({ limit: 2, account: alice });
    expect(page).toMatchObject({ total: 5, unread: 5, seq: store.changes.seq });
    expect(page.messages[0]).toMatchObject({ seen: false, flagged: false });
  });

  it('returns an empty list for an account that does not exist', async () => {
    const store = await open();
    expect(await store.messages.list({ limit: 5, account: alice })).toMatchObject({
      messages: [],
      total: 0,
      next: null,
    });
  });

  it.each(['newest', 'oldest'] as const)(
    'pages without loss or repetition while mail arrives and is deleted, %s first',
    async (order) => {
      const store = await open();
      await addMany(store, 20);
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Store['messages']['list']>> = await store.messages.list({
          limit: 6,
          order,
          ...(cursor !== null && { cursor }),
        });
        seen.push(...page.messages.map(({ summary }) => Number(summary.subject.slice(7))));
        cursor = page.next;
        // The last listed message is removed, and other messages are added.
        await store.messages.remove([page.messages.at(-1)!.summary.id], ALL);
        if (seen.length < 12) await addMany(store, 2, 100 + seen.length);
      } while (cursor !== null);
      const old = seen.filter((number) => number <= 20);
      expect(new Set(seen).size).toBe(seen.length);
      expect(old).toEqual(Array.from({ length: 20 }, (_, i) => (order === 'newest' ? 20 - i : i + 1)));
    },
  );

  it('refuses an invalid cursor, and starts again for a cursor of a removed account', async () => {
    const store = await open();
    await addMany(store, 3);
    await expect(store.messages.list({ limit: 1, cursor: '!' })).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
    const { next } = await store.messages.list({ limit: 1, account: bob });
    await store.accounts.remove(bob);
    await addMany(store, 3);
    expect((await store.messages.list({ limit: 9, account: bob, cursor: next! })).messages).toHaveLength(2);
  });

  it('finds by summary, by body and by flags, with totals of all matches', async () => {
    const store = await open();
    await addMany(store, 12);
    expect(await subjects(store, { query: subject('number 1') })).toEqual([12, 11, 10, 1]);
    expect(await subjects(store, { query: body('FIZZ') })).toEqual([12, 9, 6, 3]);
    const inbox = await mailboxOf(store, ALL);
    await store.placements.setFlags(inbox.id, uids(3, 6), 'add', ['\\Seen', '\\Flagged']);
    const page = await store.messages.list({ limit: 1, query: body('fizz') });
    expect(page).toMatchObject({ total: 4, unread: 2 });
    expect(await subjects(store, { query: { kind: 'is', what: 'flagged' } })).toEqual([6, 3]);
    expect(await subjects(store, { query: body('fizz'), cursor: page.next! })).toEqual([9, 6, 3]);
    expect(await subjects(store, { query: { kind: 'all' }, limit: 3 })).toEqual([12, 11, 10]);
  });

  describe('of more matches than the store must count', () => {
    const COUNT_LIMIT = 5;
    const query = body('other');
    const manyMatches = async (): Promise<Store> => {
      const store = await open({ countLimit: COUNT_LIMIT });
      await addMany(store, 12);
      return store;
    };

    it('contain the exact number, or that there are more', async () => {
      const page = await (await manyMatches()).messages.list({ limit: 3, query });
      if (page.totalIsAtLeast === true) expect(page.total).toBe(COUNT_LIMIT);
      else expect(page.total).toBe(8);
      expect(page.unread).toBe(page.total);
    });

    it('contain the exact number on request, and whenever it is not above the limit', async () => {
      const store = await manyMatches();
      const exact = await store.messages.list({ limit: 3, query, exactTotal: true });
      expect(exact).toMatchObject({ total: 8, unread: 8 });
      const few = await store.messages.list({ limit: 3, query: body('fizz') });
      expect(few).toMatchObject({ total: 4, unread: 4 });
      const whole = await store.messages.list({ limit: 3 });
      expect(whole).toMatchObject({ total: 12, unread: 12 });
      for (const page of [exact, few, whole]) expect(page.totalIsAtLeast).toBeUndefined();
    });

    it('are complete and in order', async () => {
      const store = await manyMatches();
      const newest = [11, 10, 8, 7, 5, 4, 2, 1];
      expect(await subjects(store, { query })).toEqual(newest);
      expect(await subjects(store, { query, order: 'oldest' })).toEqual(newest.toReversed());
      expect(await subjects(store, { query, offset: 3, limit: 3 })).toEqual([7, 5, 4]);
      const { next } = await store.messages.list({ query, limit: 2 });
      expect(await subjects(store, { query, cursor: next! })).toEqual(newest.slice(2));
      expect(await subjects(store, { query, cursor: next!, offset: 1, limit: 2 })).toEqual([7, 5]);
    });
  });

  it('does not find deleted messages', async () => {
    const store = await open();
    await addMany(store, 6);
    const { messages } = await store.messages.list({ limit: 1, query: body('fizz') });
    await store.messages.remove([messages[0]!.summary.id], ALL);
    expect(await subjects(store, { query: body('fizz') })).toEqual([3]);
  });

  it('lists the messages after a seq', async () => {
    const store = await open();
    await addMany(store, 3);
    const after = store.changes.seq;
    expect(await subjects(store, { after })).toEqual([]);
    await addMany(store, 2, 4);
    expect(await subjects(store, { after })).toEqual([5, 4]);
    expect(await store.messages.list({ limit: 1, after })).toMatchObject({ total: 2, unread: 2 });
    expect(await subjects(store, { after, query: subject('4'), order: 'oldest' })).toEqual([4]);
  });

  it('explains why a message does not match', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage({ subject: 'Welcome' }));
    expect(await store.messages.matches(subject('welcome'), summary.id, alice)).toBe(true);
    expect(await store.messages.explain(subject('welcome'), summary.id, alice)).toEqual([]);
    expect(await store.messages.matches(subject('reset'), summary.id, alice)).toBe(false);
    expect((await store.messages.explain(subject('reset'), summary.id, alice))[0]?.found).toContain(
      'Welcome',
    );
    expect(await store.messages.matches({ kind: 'all' }, summary.id, bob), 'not in that INBOX').toBe(false);
  });

  it('matches and explains messages while they are removed', async () => {
    const store = await open();
    const large = 'some words '.repeat(5_000);
    const ids: MessageId[] = [];
    for (let i = 0; i < 20; i++) ids.push((await store.messages.add(newMessage({ body: large }))).summary.id);
    const query: Query = { kind: 'and', terms: [body('nothing'), subject('nothing')] };
    // A hundred requests take several turns of the event loop, and the removal happens between two of them.
    const requests = Array.from({ length: 100 }, () => ids).flat();
    const explained = requests.map((id) => store.messages.explain(query, id, ALL));
    const matched = requests.map((id) => store.messages.matches(query, id, ALL));
    // A store on a database may otherwise remove the messages before it reads any of them.
    await explained[0];
    await store.messages.remove(ids, ALL);
    expect(new Set((await Promise.all(explained)).map((failed) => failed.length))).toContain(2);
    expect(new Set(await Promise.all(matched))).toEqual(new Set([false]));
  });

  it('marks and removes by query in one account', async () => {
    const store = await open();
    await addMany(store, 9);
    const scope = { account: alice, query: body('fizz') };
    const marks = { seen: true, flagged: true, addTags: ['done'], removeTags: ['new'] };
    expect(await store.messages.markMatching(scope, marks)).toBe(3);
    expect(await store.accounts.get(alice)).toMatchObject({ unread: 6 });
    expect(await store.accounts.get(ALL)).toMatchObject({ unread: 9 });
    expect(await store.messages.tags(ALL)).toEqual([{ tag: 'done', messages: 3 }]);
    expect(await store.messages.markMatching({ account: alice }, { seen: false })).toBe(9);
    expect(await store.accounts.get(alice)).toMatchObject({ unread: 9 });
    expect(await store.messages.removeMatching(scope)).toBe(3);
    expect(await subjects(store, { account: alice })).toEqual([8, 7, 5, 4, 2, 1]);
    expect((await store.messages.list({ limit: 1 })).total).toBe(9);
    expect(await store.messages.removeMatching({ query: subject('number') })).toBe(9);
    expect(await store.facts()).toMatchObject({ messages: 0, accounts: 1 });
  });

  it('changes more messages than one commit contains', async () => {
    const store = await open();
    await store.messages.addAll(
      Array.from({ length: 1200 }, (_, i) => newMessage({ subject: `Number ${i}` })),
    );
    expect(await store.messages.markMatching({}, { seen: true, addTags: ['x'] })).toBe(1200);
    expect(await store.accounts.get(ALL)).toMatchObject({ messages: 1200, unread: 0 });
    expect(await store.messages.removeMatching({})).toBe(1200);
    expect((await store.facts()).messages).toBe(0);
  });
}
