/** Everything that a store shows, for comparing two of them. */
import type { Seq } from '../../server/store/ids.ts';
import type { Placement, Store } from '../../server/store/store.ts';

export async function dump(store: Store): Promise<unknown> {
  const { accounts } = await store.accounts({ limit: 1e6 });
  const { messages } = await store.list({ limit: 1e6 });
  const details = new Map<string, unknown>();
  const dumped = [];
  for (const account of [...accounts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const mailboxes = [];
    for (const mailbox of await store.mailboxes(account.name)) {
      const placements = await store.placements(mailbox.id);
      const expunged = await store.expungedSince(mailbox.id, 0 as Seq);
      mailboxes.push({ mailbox, placements: placements.map(placementFacts), expunged });
      for (const { message } of placements) details.set(message, await store.message(message));
    }
    const { name } = account;
    dumped.push({
      account,
      mailboxes: mailboxes.sort((a, b) => (a.mailbox.id < b.mailbox.id ? -1 : 1)),
      credentials: await store.credentials(name),
      subscriptions: await store.subscriptions(name),
      tags: await store.tags(name),
    });
  }
  const facts = { ...(await store.facts()), location: '', warnings: [] };
  return {
    facts,
    accounts: dumped,
    list: messages,
    details: Object.fromEntries([...details].sort(([a], [b]) => (a < b ? -1 : 1))),
    records: await store.records('rules').list(),
    changes: store.changes.since(0 as Seq),
  };
}

const placementFacts = ({
  uid,
  message,
  flags,
  modseq,
  receivedAt,
  savedAt,
  size,
}: Placement): Placement => ({
  uid,
  message,
  flags,
  modseq,
  receivedAt,
  savedAt,
  size,
});
