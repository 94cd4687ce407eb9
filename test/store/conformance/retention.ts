import { expect, it } from 'vitest';
import { ALL } from '../../../server/store/ids.ts';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf } from '../stores.ts';

export function retentionSuite(open: OpenStore): void {
  it('keeps the newest messages, and publishes the removal of the others', async () => {
    const store = await open({ retention: { maxMessages: 10 } });
    const gone: string[] = [];
    store.changes.subscribe((change) => {
      if (change.kind === 'message-removed') gone.push(`${change.message} ${change.reason}`);
    });
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) {
      ids.push((await store.messages.add(newMessage({ subject: `${i}` }))).summary.id);
      expect((await store.facts()).messages).toBeLessThanOrEqual(10);
    }
    expect(gone).toEqual(ids.slice(0, 15).map((id) => `${id} retention`));
    const { messages } = await store.messages.list({ limit: 20 });
    expect(messages.map(({ summary }) => summary.id)).toEqual(ids.slice(15).reverse());
    expect(await store.messages.raw(messages[0]!.summary.id)).toBeDefined();
  });

  it('stays within its limits during a mail flood', async () => {
    const store = await open({ retention: { maxMessages: 50 } });
    let most = 0;
    store.changes.subscribe((change) => {
      if (change.kind === 'message-removed' || change.kind === 'message-added') {
        void store.facts().then(({ messages }) => (most = Math.max(most, messages)));
      }
    });
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        store.messages.add(newMessage({ to: [`user${i}@example.test`] })),
      ),
    );
    expect(most).toBeLessThanOrEqual(50);
    expect(await store.facts()).toMatchObject({ messages: 50, accounts: 51 });
  });

  it('keeps within the size limit, but always keeps the newest', async () => {
    const store = await open({ retention: { maxBytes: 5000 } });
    for (let i = 0; i < 10; i++) await store.messages.add(newMessage({ body: 'x'.repeat(1000) }));
    const { bytes, messages } = await store.facts();
    expect(bytes).toBeLessThanOrEqual(5000);
    expect(messages).toBe(4);
    const { summary } = await store.messages.add(newMessage({ body: 'x'.repeat(9000) }));
    expect((await store.messages.list({ limit: 9 })).messages.map((row) => row.summary.id)).toEqual([
      summary.id,
    ]);
  });

  it('removes messages by age, counted from when they were stored', async () => {
    let now = 1_800_000_000_000;
    const store = await open({ clock: () => now, retention: { maxAge: 60_000 } });
    await store.messages.add(newMessage({ subject: 'old' }));
    now += 59_000;
    await store.messages.add(newMessage({ subject: 'imported' }, { receivedAt: 1 }));
    expect((await store.messages.list({ limit: 9 })).total).toBe(2);
    now += 2_000;
    await store.messages.add(newMessage({ subject: 'new' }));
    const { messages } = await store.messages.list({ limit: 9 });
    expect(messages.map(({ summary }) => summary.subject)).toEqual(['new', 'imported']);
  });

  it.each([
    ['of the whole', { maxAge: 60_000 }],
    ['of an account', { perAccount: { maxAge: 60_000 } }],
  ])(
    'removes messages with the age limit %s although the clock was ahead and was set back',
    async (_, limits) => {
      const start = 1_800_000_000_000;
      let now = start + 3 * 86_400_000;
      const store = await open({ clock: () => now, retention: limits });
      await store.messages.add(newMessage({ subject: 'ahead 1' }));
      await store.messages.add(newMessage({ subject: 'ahead 2' }));
      const subjects = async () =>
        (await store.messages.list({ account: alice, limit: 9 })).messages.map(
          ({ summary }) => summary.subject,
        );
      now = start;
      await store.messages.add(newMessage({ subject: 'first after' }));
      now += 59_000;
      await store.messages.add(newMessage({ subject: 'second after' }));
      expect(await subjects()).toEqual(['second after', 'first after', 'ahead 2', 'ahead 1']);
      now += 2_000;
      await store.messages.add(newMessage({ subject: 'third after' }));
      expect(await subjects()).toEqual(['third after', 'second after']);
    },
  );

  it('limits an account separately, and keeps the messages of others', async () => {
    const retention = { perAccount: { maxMessages: 3 }, accounts: new Map([[bob, { maxMessages: 1 }]]) };
    const store = await open({ retention });
    for (let i = 0; i < 5; i++) await store.messages.add(newMessage({ to: [alice, bob] }));
    expect(await store.accounts.get(alice)).toMatchObject({ messages: 3 });
    expect(await store.accounts.get(bob)).toMatchObject({ messages: 1 });
    expect(await store.accounts.get(ALL)).toMatchObject({ messages: 5 });
    expect((await store.placements.list((await mailboxOf(store, alice)).id)).map(({ uid }) => uid)).toEqual([
      3, 4, 5,
    ]);
  });
}
