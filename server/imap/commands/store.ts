/** STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
import type { Seq, Uid } from '../../store/ids.ts';
import type { FlagOperation } from '../../store/store.ts';
import { command, SELECTED, setArgument } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { list } from '../wire/encoder.ts';
import { changedFlags, storableFlags } from '../message/flags.ts';
import { Pace } from '../session/pace.ts';
import { bad, no } from '../wire/response.ts';
import { formatSet, type MessageSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

interface StoreArguments {
  readonly set: MessageSet;
  readonly unchangedSince: Seq | null;
  readonly operation: FlagOperation;
  readonly silent: boolean;
  readonly flags: readonly string[];
}

/** Messages whose flags are stored and reported before other sessions get their turn. */
const AT_ONCE = 1_000;

const OPERATIONS: Readonly<Record<string, FlagOperation>> = { '+': 'add', '-': 'remove', '': 'replace' };

export const store = command<StoreArguments>({
  name: 'STORE',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  parse(decoder, { uid }) {
    decoder.sp();
    const set = setArgument(decoder, { uid });
    decoder.sp();
    const unchangedSince = decoder.peek('(') ? parseModifiers(decoder) : null;
    const sign = decoder.accept('+') ? '+' : decoder.accept('-') ? '-' : '';
    const item = decoder.itemName('FLAGS');
    if (item !== 'FLAGS' && item !== 'FLAGS.SILENT') throw bad('Expected FLAGS or FLAGS.SILENT');
    const operation = OPERATIONS[sign] ?? 'replace';
    const flags = parseFlags(decoder, operation);
    return { set, unchangedSince, operation, silent: item === 'FLAGS.SILENT', flags: storableFlags(flags) };
  },
  async run(session, { set, unchangedSince, operation, silent, flags }, { uid }) {
    const { mailbox } = session;
    if (mailbox.readOnly) throw no('READ-ONLY', 'The mailbox is selected read-only');
    if (unchangedSince !== null) session.enable('CONDSTORE');
    await mailbox.load(session);
    const uids = mailbox.indexes(set).flatMap((index) => mailbox.view.at(index)?.uid ?? []);
    const modified: Uid[] = [];
    const pace = new Pace();
    for (let from = 0; from < uids.length; from += AT_ONCE) {
      if (pace.overdue) await pace.rest();
      const slice = uids.slice(from, from + AT_ONCE);
      modified.push(
        ...(await storeFlags(session, slice, { unchangedSince, operation, flags }, { uid, silent })),
      );
    }
    if (modified.length === 0) return undefined;
    const numbers = uid ? modified : modified.map((one) => mailbox.view.indexOf(one) + 1);
    return { code: `MODIFIED ${formatSet(numbers)}`, text: 'Some messages had changed' };
  },
});

/**
 * Stores the flags of some messages, and reports the changes to the client.
 *
 * @returns UIDs of the messages whose flags were not stored, because they changed after `unchangedSince`
 */
async function storeFlags(
  session: Session,
  uids: readonly Uid[],
  { unchangedSince, operation, flags }: Pick<StoreArguments, 'unchangedSince' | 'operation' | 'flags'>,
  { uid, silent }: { readonly uid: boolean; readonly silent: boolean },
): Promise<readonly Uid[]> {
  const { mailbox, store: messages } = session;
  const since = unchangedSince === null ? [] : ([unchangedSince] as const);
  const { updated, modified } = await messages.setFlags(mailbox.id, uids, operation, flags, ...since);
  const foreign = mailbox.view.applyOwn(updated);
  // RFC 2180 §4.2: the client still has the messages that were expunged elsewhere, so the answer is the usual one.
  if (unchangedSince === null)
    mailbox.view.changeDeparted(uids, (before) => changedFlags(before, operation, flags));
  mailbox.tellKeywords(
    session,
    updated.map((placement) => placement.flags),
  );
  const unchanged = new Set(modified);
  const stored = uids.filter((one) => !unchanged.has(one));
  await reportFlags(session, stored, { uid, flags: (one) => !silent || foreign.has(one) });
  return modified;
}

/** @param show whether to send the UID, and of which messages to send the flags */
async function reportFlags(
  session: Session,
  uids: readonly Uid[],
  show: { readonly uid: boolean; readonly flags: (uid: Uid) => boolean },
): Promise<void> {
  const { mailbox, enabled, writer } = session;
  const condstore = enabled.has('CONDSTORE');
  const pace = new Pace();
  for (const uid of uids) {
    const index = mailbox.view.indexOf(uid);
    const placement = mailbox.view.at(index);
    if (placement === undefined) continue;
    const items = [
      ...(condstore ? [`MODSEQ (${placement.modseq})`] : []),
      ...(show.flags(uid) ? [`FLAGS ${list(mailbox.flagsOf(placement))}`] : []),
    ];
    if (items.length === 0) continue;
    if (show.uid || enabled.has('QRESYNC')) items.unshift(`UID ${uid}`);
    session.send(`* ${mailbox.view.number(index)} FETCH (${items.join(' ')})`);
    if (writer.handed) await writer.ready();
    if (pace.due) await pace.rest();
  }
}

function parseModifiers(decoder: Decoder): Seq | null {
  let unchangedSince: Seq | null = null;
  decoder.list(() => {
    if (decoder.keyword('a store modifier') !== 'UNCHANGEDSINCE') decoder.fail('UNCHANGEDSINCE');
    decoder.sp();
    unchangedSince = decoder.number64('a mod-sequence') as Seq;
  });
  decoder.sp();
  return unchangedSince;
}

/** `flag-list`, or flags separated by spaces. No flags at all are accepted where that changes nothing. */
function parseFlags(decoder: Decoder, operation: FlagOperation): string[] {
  if (!decoder.acceptSp()) {
    if (operation === 'replace') decoder.fail('flags');
    decoder.deviate('missing-argument');
    return [];
  }
  if (decoder.peek('(')) return decoder.list(() => decoder.flag(), true);
  const flags = [decoder.flag()];
  while (decoder.acceptSp()) flags.push(decoder.flag());
  return flags;
}
