import { describe, expect, it, onTestFinished } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import type { Seq } from '../../../server/store/ids.ts';
import { Rules } from '../../../server/rules/engine.ts';
import type { Facts } from '../../../server/rules/facts.ts';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { Waits } from '../../../server/service/wait/index.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { newMessage } from '../new-message.ts';
import { alice, mailboxOf } from '../stores.ts';

describe.skipIf((await postgresServer()) === null)('two nodes on one database', () => {
  it('publish the same changes, and accept the change numbers of each other at once', async () => {
    const url = await emptyDatabase();
    const [one, other] = [await openPostgresStore(url), await openPostgresStore(url)];
    onTestFinished(async () => {
      await Promise.all([one.close(), other.close()]);
    });
    const feed: Change[] = [];
    other.changes.subscribe((change) => feed.push(change));
    const before = other.changes.seq;
    const added = await Promise.all(
      Array.from({ length: 8 }, (_, i) => [one, other][i % 2]!.messages.add(newMessage({ subject: `${i}` }))),
    );
    const last = Math.max(...added.map(({ seq }) => seq)) as Seq;
    await Promise.all([one.changes.caughtUp(last), other.changes.caughtUp(last)]);
    expect(feed).toEqual(one.changes.since(before));
    const { id } = await mailboxOf(one, alice);
    expect((await other.placements.list(id)).map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

    // This node has not published the latest change yet. A wait for messages after that change must not return earlier
    // messages.
    const late = await one.messages.add(newMessage({ subject: 'late' }));
    const waits = new Waits({ store: other, capture: { allRefusals: async () => [] }, clock: Date.now });
    const outcome = await waits.wait({
      scope: { account: alice, query: parseQuery('') },
      after: late.seq,
      reportAfter: late.seq,
      timeout: 1,
      waited: 0,
      signal: new AbortController().signal,
    });
    expect(outcome).toMatchObject({ timeout: { after: late.seq } });
  });

  it('apply the rules of each other, and use each step of a script once', async () => {
    const url = await emptyDatabase();
    const stores = [await openPostgresStore(url), await openPostgresStore(url)] as const;
    const engines = stores.map((store) => new Rules({ store, clock: Date.now, random: Math.random }));
    onTestFinished(async () => {
      await Promise.all([...engines, ...stores].map((each) => each.close()));
    });
    const [one, other] = engines as [Rules, Rules];
    for (const engine of engines) await engine.load();
    const { definition } = await one.put({ on: 'mail', script: ['451', '452', 'accept'] });
    const facts: Facts = {
      ...{ stage: 'mail', ip: null, port: 25, helo: null, user: null, tls: false, from: null },
      ...{ rcpt: [], declaredSize: 0, session: null, accounts: [], message: null },
    };
    const hits = await Promise.all([other, one, other, one].map((engine) => engine.find(facts)));
    const replies = hits.map((hit) => hit?.actions.map(({ description }) => description).join() ?? 'none');
    expect(replies.sort()).toEqual(
      ['accepts', 'answers 451', 'answers 452', 'none'].map(
        (text) => expect.stringContaining(text) as string,
      ),
    );
    await other.refresh();
    expect(other.get(definition.id)?.hits).toBe(3);
  });
});
