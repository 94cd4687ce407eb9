/**
 * Repairs the data of the store when it is opened. Remaining parts of damaged messages are kept, and no damage
 * prevents the start. Each repair is reported to the operator in one line.
 */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { commit } from '../engine/commit.ts';
import { ALL, accountName, type MessageId } from '../ids.ts';
import {
  misspeltAccounts,
  planCanonicalAccount,
  planMerge,
  planRemoveDoubles,
  planRemoveMisspelt,
} from '../engine/plan/account-names.ts';
import { planAll, planInboxes } from '../engine/plan/accounts.ts';
import { planAdd } from '../engine/plan/add.ts';
import { planHomeless } from '../engine/plan/placements.ts';
import { owned, readMessage } from '../engine/prepare/read-message.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import { DAMAGE, isAccepted } from './damage.ts';
import type { JsonJournal } from './journal.ts';
import type { StrayMessage } from '../raw/inventory.ts';
import type { Inventory, RawStore } from '../raw/raw-store.ts';
import { setAside } from '../files/set-aside.ts';
import { storageReason } from '../storage-reason.ts';

/** Maximum number of messages named in one warning. */
const NAMED = 10;

export interface RecoveryParts {
  readonly state: State;
  readonly journal: JsonJournal;
  readonly raws: RawStore;
  readonly inventory: Inventory;
  readonly clock: () => number;
  readonly warn: (text: string) => void;
  readonly removed: ReadonlySet<MessageId>;
  readonly onProgress: (done: number, of: number) => void;
  /** Whether the repairs are allowed to remove and rename files in the data directory. */
  readonly mayWrite: boolean;
}

const named = (ids: readonly string[]): string =>
  ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '');

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/**
 * Returns the messages that are in no mailbox, because the log has lost their mailboxes; if the INBOX of `all` is lost,
 * also those that are not in `all`. Must be called before a lost INBOX is created again.
 */
export function homelessMessages(state: State): MessageRecord[] {
  const isAllLost = state.accounts.get(ALL)?.inbox === undefined;
  return [...state.messages.values()].filter((record) =>
    isAllLost ? record.inAll === 0 : record.places.length === 0,
  );
}

export async function recover(parts: RecoveryParts): Promise<void> {
  const { state, journal, raws, clock, warn, removed } = parts;
  const homeless = homelessMessages(state);
  await commit(state, journal, planAll(state, clock()));
  await commit(state, journal, planInboxes(state, clock()));
  await renameAccounts(parts);
  if (homeless.length > 0) {
    warn(`${plural(homeless.length, 'message')} had lost their mailboxes and are now in the INBOX of all`);
    await commit(state, journal, planHomeless(state, homeless, clock()));
  }
  const { strays, copies, displaced, foreign, isIncomplete } = parts.inventory;
  if (foreign.length > 0) await setForeignAside(parts, foreign);
  const incomplete = parts.mayWrite ? await removeIncomplete(parts) : 0;
  if (incomplete > 0) {
    warn(
      `${plural(incomplete, 'part')} of messages that were never accepted are removed: the process was killed`,
    );
  }
  if (displaced.length > 0) await findDisplaced(parts);
  if (isIncomplete) {
    const missing = await newlyMissing(parts);
    if (missing.length > 0)
      warn(
        `The bytes of ${plural(missing.length, 'message')} are missing; they are listed without content: ${named(missing)}`,
      );
  }
  if (parts.mayWrite) raws.discard([...copies, ...strays.filter(({ id }) => removed.has(id))]);
  await adopt(
    parts,
    strays.filter(({ id }) => !removed.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  await replaceDamaged(parts);
  raws.segments.deleteDead();
}

/**
 * Renames accounts whose names are not canonical (see `accountName`). If the process is killed between two
 * steps, the next start performs the remaining steps.
 */
async function renameAccounts({ state, journal, clock, warn }: RecoveryParts): Promise<void> {
  const merged: string[] = [];
  const passwords: string[] = [];
  const misspelt = misspeltAccounts(state);
  for (const account of misspelt) {
    const existing = state.accounts.get(accountName(account.name));
    if (existing !== undefined) merged.push(account.name);
    if (existing?.password != null && account.password !== null) {
      if (existing.password !== account.password) passwords.push(account.name);
    }
    await commit(state, journal, planCanonicalAccount(state, account, clock()));
    for (const mailbox of [...account.mailboxes()]) {
      await commit(state, journal, planMerge(state, mailbox, clock()));
      await commit(state, journal, planRemoveDoubles(state, mailbox, clock()));
    }
    await commit(state, journal, planRemoveMisspelt(state, account, clock()));
  }
  if (misspelt.length === 0) return;
  const names = named(misspelt.map(({ name }) => name));
  warn(`${plural(misspelt.length, 'account')} renamed to the canonical spelling of the address: ${names}`);
  if (merged.length > 0) {
    warn(`Of these, merged with the account of the canonical spelling: ${named(merged)}`);
  }
  if (passwords.length > 0) {
    warn(
      `The password of the canonical spelling is valid now, the other one is deleted: ${named(passwords)}`,
    );
  }
}

/**
 * Returns the ids of messages whose file is missing. Messages whose loss an earlier repair accepted are left
 * out.
 */
async function newlyMissing({ state, journal, raws }: RecoveryParts): Promise<MessageId[]> {
  const missing: MessageId[] = [];
  for (const record of state.messages.values()) {
    if (raws.has(record)) continue;
    const notes = await journal.detail(record).then(
      (detail) => detail.notes,
      () => null,
    );
    if (!isAccepted({ found: 'missing', size: 0, sum: 0 }, notes?.[DAMAGE])) missing.push(record.id);
  }
  return missing;
}

/** Renames links and directories that have the name of a message file; links are not followed. */
async function setForeignAside(
  { clock, warn, mayWrite }: RecoveryParts,
  foreign: readonly string[],
): Promise<void> {
  const names = foreign.map((file) => path.basename(file));
  if (mayWrite) for (const file of foreign) await setAside(file, clock()).catch(() => undefined);
  warn(
    `${plural(foreign.length, 'entry', 'entries')} of raw/ are not files and are renamed: ${named(names)}`,
  );
}

/** Removes incomplete messages, which remain if the process is killed during a write. Returns their number. */
async function removeIncomplete({ raws, inventory }: RecoveryParts): Promise<number> {
  const { partial, torn } = inventory;
  for (const file of partial) await rm(file, { force: true, recursive: true });
  for (const { segment, offset } of torn) raws.segments.truncate(segment, offset);
  return partial.length + torn.length;
}

/** Records the actual places of messages that are not at the places that the log names. */
async function findDisplaced({ state, journal, raws, inventory, warn }: RecoveryParts): Promise<void> {
  const { displaced } = inventory;
  const items = displaced.map(({ ref, raw }) => [ref.id, raw.segment, raw.offset] as const);
  for (const { ref, raw } of displaced) raws.recount(ref, raw);
  const entry = { do: 'moved', seq: state.seq, items } as const;
  await commit(state, journal, { lines: [[entry]], result: () => undefined });
  warn(
    `${plural(displaced.length, 'message')} found at another place in raw/: ${named(displaced.map(({ ref }) => ref.id))}`,
  );
}

/** Replaces damaged segments: their messages are moved, and the files are renamed. */
async function replaceDamaged({ journal, inventory, clock, warn, mayWrite }: RecoveryParts): Promise<void> {
  for (const { segment, problem } of inventory.damaged) {
    const name = path.basename(segment.path);
    const kept = mayWrite
      ? await journal.replaceSegment(segment, clock()).then(
          (aside) => `; its messages are moved, and it is kept as ${aside}`,
          (error: unknown) => `; it is not repaired: ${storageReason(error)}`,
        )
      : '';
    warn(`The segment ${name} is damaged: ${problem}${kept}`);
  }
}

/** Adds messages of `raw/` that no line of the log mentions. */
async function adopt(parts: RecoveryParts, strays: readonly StrayMessage[]): Promise<void> {
  const { state, journal, raws, clock, warn, onProgress } = parts;
  const slice = new TimeSlice();
  const adopted: MessageId[] = [];
  for (const stray of strays) {
    const { id } = stray;
    if (slice.over) await slice.rest();
    onProgress(adopted.length, strays.length);
    const raw = await raws.read(stray).catch(() => undefined);
    if (raw === undefined) continue;
    const receivedAt = stray.receivedAt ?? Math.floor((await stat(raws.pathOf(id))).mtimeMs);
    const origin = {
      kind: 'recovered',
      session: null,
      peer: null,
      helo: null,
      tls: null,
      user: null,
    } as const;
    const envelope = { from: { address: '', parameters: {} }, to: [] };
    const message = { envelope, origin, receivedAt };
    const { summary, detail, sum } = readMessage(message, raw, id, clock());
    const read = { summary: owned(summary), detail, sum, raw: stray.raw };
    const prepared = { ...read, targets: [{ account: ALL }], records: [] };
    await commit(state, journal, planAdd(state, [prepared], clock(), {}));
    raws.adopted({ id, size: raw.length, raw: stray.raw });
    adopted.push(id);
  }
  if (adopted.length > 0) {
    warn(
      `${plural(adopted.length, 'message')} without a line in the log indexed again, envelope unknown: ${named(adopted)}`,
    );
  }
}
