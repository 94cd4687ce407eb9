/** The commands STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3), which change the flags of messages. */
import type { Seq, Uid } from '../../store/ids.ts';
import type { FlagOperation } from '../../store/store.ts';
import { command, SELECTED, setArgument } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { changedFlags, storableFlags } from '../message/flags.ts';
import { Pace } from '../session/pace.ts';
import { bad } from '../wire/response.ts';
import { formatSet, type MessageSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

interface StoreArguments {
  readonly set: MessageSet;
  readonly unchangedSince: Seq | null;
  readonly operation: FlagOperation;
  readonly silent: boolean;
  readonly flags: readonly string[];
}

/** Number of messages whose flags are changed and reported before other sessions may run. */
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
  async run(session, args, { uid }) {
    const mailbox = session.writableMailbox;
    if (args.unchangedSince !== null) session.enable('CONDSTORE');
    const uids = (await mailbox.messages(args.set)).map((message) => message.uid);
    const modified: Uid[] = [];
    const pace = new Pace();
    for (let from = 0; from < uids.length; from += AT_ONCE) {
      if (pace.overdue) await pace.rest();
      const slice = uids.slice(from, from + AT_ONCE);
      modified.push(...(await storeFlags(session, slice, args, uid)));
    }
    if (modified.length === 0) return undefined;
    const numbers = uid ? modified : modified.map((one) => mailbox.view.number(mailbox.view.indexOf(one)));
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
  { unchangedSince, operation, flags, silent }: StoreArguments,
  uid: boolean,
): Promise<readonly Uid[]> {
  const { mailbox, store: messages, writer } = session;
  const since = unchangedSince === null ? [] : ([unchangedSince] as const);
  const outcome = await messages.placements.setFlags(mailbox.id, uids, operation, flags, ...since);
  const change =
    unchangedSince === null ? (before: readonly string[]) => changedFlags(before, operation, flags) : null;
  const reports = mailbox.view.applyStore(uids, { ...outcome, silent, change });
  mailbox.reportKeywords(outcome.updated);
  await mailbox.reportFlags(reports, { uid });
  if (writer.handed) await writer.ready();
  return outcome.modified;
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

/**
 * Parses a `flag-list`, or flags separated by spaces. Missing flags are accepted for `+FLAGS` and `-FLAGS`, which
 * then change nothing, but not for `FLAGS`, which would remove all flags.
 */
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
