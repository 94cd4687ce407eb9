/** STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
import type { Seq, Uid } from '../../store/ids.ts';
import type { FlagOperation } from '../../store/store.ts';
import { command, SELECTED, setArgument } from '../command.ts';
import type { Decoder } from '../decoder.ts';
import { list } from '../encoder.ts';
import { storableFlags } from '../flags.ts';
import { bad, no, type ResponseCode } from '../response.ts';
import { formatSet, type MessageSet } from '../sequence-set.ts';
import type { Session } from '../session.ts';

interface StoreArguments {
  readonly set: MessageSet;
  readonly unchangedSince: Seq | null;
  readonly operation: FlagOperation;
  readonly silent: boolean;
  readonly flags: readonly string[];
}

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
    decoder.sp();
    const flags = parseFlags(decoder);
    const operation = OPERATIONS[sign] ?? 'replace';
    return { set, unchangedSince, operation, silent: item === 'FLAGS.SILENT', flags: storableFlags(flags) };
  },
  async run(session, { set, unchangedSince, operation, silent, flags }, { uid }) {
    const { mailbox } = session;
    if (mailbox.readOnly) throw no('READ-ONLY', 'The mailbox is selected read-only');
    if (unchangedSince !== null) session.enable('CONDSTORE');
    await mailbox.load(session);
    const indexes = mailbox.indexes(set);
    const uids = indexes.flatMap((index) => mailbox.view.at(index)?.uid ?? []);
    const since = unchangedSince === null ? [] : ([unchangedSince] as const);
    const { updated, modified } = await session.store.setFlags(mailbox.id, uids, operation, flags, ...since);
    const foreign = mailbox.view.applyOwn(updated);
    mailbox.tellKeywords(
      session,
      updated.map((placement) => placement.flags),
    );
    const { departed } = mailbox.view;
    const left = new Set([...modified, ...departed]);
    const told = uids.filter((one) => !left.has(one));
    tellFlags(session, told, { uid, flags: (one) => !silent || foreign.has(one) });
    const code: ResponseCode | null =
      modified.length === 0
        ? null
        : `MODIFIED ${formatSet(uid ? modified : modified.map((one) => mailbox.view.indexOf(one) + 1))}`;
    if (!uid && indexes.some((index) => departed.has(mailbox.view.uidAt(index)))) {
      throw no(code ?? 'EXPUNGEISSUED', 'Some of the messages are gone');
    }
    return code === null ? undefined : { code, text: 'Some messages had changed' };
  },
});

/** @param show what to show besides what is always shown: the UID, and of which messages the flags */
function tellFlags(
  session: Session,
  uids: readonly Uid[],
  show: { readonly uid: boolean; readonly flags: (uid: Uid) => boolean },
): void {
  const { mailbox, enabled } = session;
  const condstore = enabled.has('CONDSTORE');
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

/** `flag-list`, or flags separated by spaces. */
function parseFlags(decoder: Decoder): string[] {
  if (decoder.peek('(')) return decoder.list(() => decoder.flag(), true);
  const flags = [decoder.flag()];
  while (decoder.acceptSp()) flags.push(decoder.flag());
  return flags;
}
