/** STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
import type { Seq } from '../../store/ids.ts';
import type { FlagOperation } from '../../store/store.ts';
import { command, SELECTED, setArgument } from '../command.ts';
import type { Decoder } from '../decoder.ts';
import { list } from '../encoder.ts';
import { storableFlags } from '../flags.ts';
import { bad, no } from '../response.ts';
import { formatSet, type MessageSet } from '../sequence-set.ts';

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
    if (unchangedSince !== null) session.enabled.add('CONDSTORE');
    const placements = await mailbox.messages(set);
    const uids = placements.map((placement) => placement.uid);
    const { updated, modified } = await session.store.setFlags(
      mailbox.id,
      uids,
      operation,
      flags,
      ...(unchangedSince === null ? [] : [unchangedSince]),
    );
    const foreign = mailbox.view.applyOwn(updated);
    mailbox.tellKeywords(session, [flags]);
    const condstore = session.enabled.has('CONDSTORE');
    const left = new Set(modified);
    for (const { uid: told } of placements) {
      const index = mailbox.view.indexOf(told);
      const placement = mailbox.view.at(index);
      if (placement === undefined || left.has(told)) continue;
      const showFlags = !silent || foreign.has(told);
      if (!showFlags && !condstore) continue;
      const items = [
        ...(uid || session.enabled.has('QRESYNC') ? [`UID ${told}`] : []),
        ...(condstore ? [`MODSEQ (${placement.modseq})`] : []),
        ...(showFlags ? [`FLAGS ${list(mailbox.flagsOf(placement))}`] : []),
      ];
      session.writer.text(`* ${mailbox.view.number(index)} FETCH (${items.join(' ')})\r\n`);
    }
    if (modified.length === 0) return undefined;
    const numbers = uid ? modified : modified.map((told) => mailbox.view.indexOf(told) + 1);
    return { code: `MODIFIED ${formatSet(numbers)}`, text: 'Some messages had changed' };
  },
});

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
