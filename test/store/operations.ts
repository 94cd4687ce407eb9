/** Generates random operations, which can be performed on several stores in the same way. */
import fc from 'fast-check';
import { ALL, accountName, type AccountName, type Uid } from '../../server/store/ids.ts';
import { StoreError, type Store } from '../../server/store/store.ts';
import { newMessage } from './new-message.ts';

const ACCOUNTS = ['a@x.test', 'b@x.test', 'c@x.test'].map(accountName);
const MAILBOXES = ['INBOX', 'Sent', 'Work', 'Work/Deep', 'Other'];
const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', 'Todo', 'todo', '$Junk'];

type Operation = (store: Store) => Promise<unknown>;

const account = fc.constantFrom<AccountName>(...ACCOUNTS, ALL);
const mailboxName = fc.constantFrom(...MAILBOXES);
const uidList = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }) as fc.Arbitrary<
  Uid[]
>;
const flagList = fc.subarray(FLAGS, { minLength: 1, maxLength: 3 });
const word = fc.constantFrom('alpha', 'beta', 'gamma');

/** Returns the id of the n-th message, if it exists. */
const nth = async (store: Store, n: number) =>
  (await store.messages.list({ limit: 20 })).messages[n]?.summary.id;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.subarray(ACCOUNTS, { minLength: 1 }), word, fc.subarray(['t', 'u'])).map(
      ([to, subject, tags]): Operation =>
        (store) =>
          store.messages.add(newMessage({ to, subject }, { tags, notes: { word: subject } })),
    ),
  },
  fc
    .tuple(account, mailboxName, flagList, fc.integer({ min: 1, max: 3 }))
    .map(([name, box, flags, count]): Operation => async (store) => {
      const mailbox = await store.mailboxes.find(name, box);
      if (mailbox === undefined) return;
      const target = { mailbox: mailbox.id, flags };
      await store.messages.addAll(Array.from({ length: count }, () => newMessage({}, { targets: [target] })));
    }),
  {
    weight: 2,
    arbitrary: fc
      .tuple(account, mailboxName, uidList, fc.constantFrom('add', 'remove', 'replace'), flagList)
      .map(([name, box, uids, how, flags]): Operation => async (store) => {
        const mailbox = await store.mailboxes.find(name, box);
        if (mailbox !== undefined) await store.placements.setFlags(mailbox.id, uids, how, flags);
      }),
  },
  fc
    .tuple(account, mailboxName, mailboxName, account, uidList, fc.boolean())
    .map(([name, from, to, other, uids, move]): Operation => async (store) => {
      const source = await store.mailboxes.find(name, from);
      const target = await store.mailboxes.find(other, to);
      if (source === undefined || target === undefined) return;
      await (move
        ? store.placements.move(source.id, uids, target.id)
        : store.placements.copy(source.id, uids, target.id));
    }),
  fc.tuple(account, mailboxName, uidList).map(([name, box, uids]): Operation => async (store) => {
    const mailbox = await store.mailboxes.find(name, box);
    if (mailbox !== undefined) await store.placements.expunge(mailbox.id, uids);
  }),
  fc.tuple(account, fc.nat(5)).map(([name, n]): Operation => async (store) => {
    const id = await nth(store, n);
    if (id !== undefined) await store.messages.remove([id], name);
  }),
  fc
    .tuple(fc.nat(5), fc.subarray(['t', 'u', 'v']), fc.subarray(['t', 'u', 'v']))
    .map(([n, add, remove]): Operation => async (store) => {
      const id = await nth(store, n);
      if (id !== undefined) await store.messages.tag([id], add, remove);
    }),
  fc
    .tuple(fc.nat(5), word, fc.option(word, { nil: undefined }))
    .map(([n, key, value]): Operation => async (store) => {
      const id = await nth(store, n);
      if (id !== undefined) await store.messages.annotate(id, key, value);
    }),
  account.map(
    (name): Operation =>
      (store) =>
        store.accounts.open(name),
  ),
  account.map(
    (name): Operation =>
      (store) =>
        store.accounts.mint(name, 'pw'),
  ),
  account.map(
    (name): Operation =>
      (store) =>
        store.accounts.remove(name),
  ),
  fc.tuple(account, mailboxName).map(
    ([name, box]): Operation =>
      (store) =>
        store.mailboxes.create(name, box),
  ),
  fc.tuple(account, mailboxName).map(
    ([name, box]): Operation =>
      (store) =>
        store.mailboxes.delete(name, box),
  ),
  fc.tuple(account, mailboxName, mailboxName).map(
    ([name, from, to]): Operation =>
      (store) =>
        store.mailboxes.rename(name, from, to),
  ),
  fc.tuple(account, mailboxName, fc.boolean()).map(
    ([name, box, on]): Operation =>
      (store) =>
        store.mailboxes.subscribe(name, box, on),
  ),
  fc.tuple(account, mailboxName).map(([name, box]): Operation => async (store) => {
    const mailbox = await store.mailboxes.find(name, box);
    if (mailbox !== undefined) await store.mailboxes.claimRecent(mailbox.id);
  }),
  fc.tuple(word, word).map(
    ([key, value]): Operation =>
      (store) =>
        store.records.collection('rules').put(key, { value }),
  ),
  word.map(
    (key): Operation =>
      (store) =>
        store.records.collection('rules').delete(key),
  ),
);

export const operations = fc.array(operation, { minLength: 1, maxLength: 60 });

/** Performs the operations. A refused operation is skipped, because all stores must refuse the same operations. */
export async function perform(store: Store, list: readonly Operation[]): Promise<void> {
  for (const each of list) {
    await each(store).catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
    });
  }
}
