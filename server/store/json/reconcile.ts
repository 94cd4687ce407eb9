/**
 * Applies the accounts and the records in `db.json` to the state, if the document was edited by hand or
 * contains changes that are lost from the log. A document that is older than the last change of accounts and
 * records in the log is ignored.
 */
import type { AccountDocument, Document } from '../document/format.ts';
import type { Seq } from '../ids.ts';
import { mailboxIdOf, Numbering, type Plan } from '../engine/plan/plan.ts';
import type { AccountEntry, Entry } from '../model/entry.ts';
import type { State } from '../model/state.ts';

export function planReconcile(
  state: State,
  document: Document,
  documentSeq: number,
  now: number,
): Plan<number> {
  // Change numbers up to the number in the document may already have been assigned. They are skipped, because
  // no number may be assigned twice.
  if (document.seq > state.seq) state.skipTo(document.seq as Seq);
  if (document.seq < documentSeq) return { lines: [], result: () => 0 };
  const numbering = new Numbering(state);
  const entries = [
    ...document.accounts.flatMap((account) => accountEntries(state, account, numbering, now)),
    ...recordEntries(state, document, numbering),
  ];
  return { lines: entries.map((entry) => [entry]), result: () => entries.length };
}

function accountEntries(state: State, document: AccountDocument, numbering: Numbering, now: number): Entry[] {
  const { name, createdAt, opened, minted, password } = document;
  const known = state.accounts.get(name);
  const same = known?.opened === opened && known.minted === minted && known.password === password;
  const account: AccountEntry = {
    do: 'account',
    seq: numbering.take(same ? 0 : 1),
    change: known === undefined ? 'account-added' : 'account-changed',
    account: name,
    createdAt,
    opened,
    minted,
    password,
  };
  const missing = document.mailboxes.filter(
    ({ id, name: mailbox }) => !state.mailboxes.has(id) && known?.mailbox(mailbox) === undefined,
  );
  const mailboxes = missing.map(({ name: mailbox, role, uidValidity }): Entry => {
    const seq = numbering.take();
    // The restored mailbox gets a new UIDVALIDITY, because the messages that it contained, and their UIDs,
    // are unknown.
    const fresh = Math.max(uidValidity + 1, state.uidValidity(name, mailbox, now));
    return {
      do: 'mailbox',
      seq,
      at: now,
      change: 'mailbox-added',
      mailbox: mailboxIdOf(seq),
      account: name,
      name: mailbox,
      role,
      uidValidity: fresh,
    };
  });
  const before = known?.subscriptions ?? new Set(['INBOX']);
  const wanted = new Set(document.subscriptions);
  const subscriptions = [...new Set([...before, ...wanted])]
    .filter((each) => before.has(each) !== wanted.has(each))
    .map((each): Entry => {
      const seq = numbering.take(0);
      return { do: 'subscribe', seq, account: name, name: each, subscribed: wanted.has(each) };
    });
  return [...(same ? [] : [account]), ...mailboxes, ...subscriptions];
}

function recordEntries(state: State, document: Document, numbering: Numbering): Entry[] {
  const entries: Entry[] = [];
  const wanted = new Map(
    Object.entries(document.records).map(([name, records]) => [name, new Map(Object.entries(records))]),
  );
  for (const collection of new Set([...wanted.keys(), ...state.records.keys()])) {
    const there = state.records.get(collection);
    const here = wanted.get(collection);
    for (const key of new Set([...(there?.keys() ?? []), ...(here?.keys() ?? [])])) {
      const value = here?.get(key);
      if (JSON.stringify(value) === JSON.stringify(there?.get(key))) continue;
      const entry = { do: 'record', seq: numbering.take(), collection, key } as const;
      entries.push(value === undefined ? entry : { ...entry, value });
    }
  }
  return entries;
}
