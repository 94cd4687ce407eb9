/** Returns all data that a store exposes, to compare two stores. */
import type { Seq } from '../../server/store/ids.ts';
import type { Placement, Store } from '../../server/store/store.ts';

export async function dump(store: Store): Promise<unknown> {
  const { accounts } = await store.accounts.list({ limit: 1e6 });
  const { messages } = await store.messages.list({ limit: 1e6 });
  const details = new Map<string, unknown>();
  const dumped = [];
  for (const account of [...accounts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const mailboxes = [];
    for (const mailbox of await store.mailboxes.list(account.name)) {
      const placements = await store.placements.list(mailbox.id);
      const expunged = await store.placements.expungedSince(mailbox.id, 0 as Seq);
      mailboxes.push({ mailbox, placements: placements.map(placementFacts), expunged });
      for (const { message } of placements) {
        const raw = await store.messages.raw(message);
        details.set(message, { ...(await store.messages.get(message)), raw: raw?.toString('latin1') });
      }
    }
    const { name } = account;
    dumped.push({
      account,
      mailboxes: mailboxes.sort((a, b) => (a.mailbox.id < b.mailbox.id ? -1 : 1)),
      credentials: await store.accounts.credentials(name),
      subscriptions: await store.mailboxes.subscriptions(name),
      tags: await store.messages.tags(name),
    });
  }
  const facts = { ...(await store.facts()), location: '', warnings: [] };
  return {
    facts,
    accounts: dumped,
    list: messages,
    details: Object.fromEntries([...details].sort(([a], [b]) => (a < b ? -1 : 1))),
    records: await store.records.collection('rules').list(),
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
