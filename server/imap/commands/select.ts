/**
 * The command SELECT (RFC 9051 §6.3.2), which opens a mailbox, with CONDSTORE and QRESYNC (RFC 7162 §3.1.8,
 * §3.2.5).
 */
import type { Seq } from '../../store/ids.ts';
import { AUTHENTICATED, command, type Outcome, type Syntax } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { list } from '../wire/encoder.ts';
import { hasFlag } from '../message/flags.ts';
import { listMailboxes } from '../session/mailbox-list.ts';
import { decodeName, normalizeName } from '../wire/mailbox-name.ts';
import { bad } from '../wire/response.ts';
import { SelectedMailbox } from '../session/selected-mailbox.ts';
import { HIGHEST_UID, membership, parseUidSet, type UidSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';
import type { FlagReport } from '../session/view.ts';
import { listResponse } from './list.ts';

/** The state of the mailbox that the client has cached and sends with QRESYNC. */
interface Resync {
  readonly uidValidity: number;
  readonly modseq: Seq;
  /**
   * The UIDs of the messages that the client has cached; `null` if the client did not list them, which means all
   * UIDs.
   */
  readonly known: UidSet | null;
}

export interface SelectArguments {
  readonly name: string;
  /** The mailbox name as the client wrote it. */
  readonly given: string;
  readonly condstore: boolean;
  readonly resync: Resync | null;
}

export const select = command<SelectArguments>({
  name: 'SELECT',
  states: AUTHENTICATED,
  capabilities: ['QRESYNC'],
  parse: parseSelect,
  run: (session, args) => openMailbox(session, args, false),
});

export function parseSelect(decoder: Decoder, syntax: Syntax): SelectArguments {
  decoder.sp();
  const given = decodeName(decoder.astring(), syntax.utf8);
  let condstore = false;
  let resync: Resync | null = null;
  if (decoder.acceptSp()) {
    decoder.looseList(() => {
      const parameter = decoder.keyword('a select parameter');
      if (parameter === 'CONDSTORE') condstore = true;
      else if (parameter === 'QRESYNC') resync = parseResync(decoder);
      else decoder.fail('CONDSTORE or QRESYNC');
    });
  }
  return { name: normalizeName(given), given, condstore, resync };
}

function parseResync(decoder: Decoder): Resync {
  decoder.sp();
  decoder.expect('(');
  const uidValidity = decoder.nonZero('a UIDVALIDITY');
  decoder.sp();
  const modseq = decoder.number64('a mod-sequence') as Seq;
  let known: UidSet | null = null;
  if (decoder.acceptSp()) {
    if (!decoder.peek('(')) {
      known = uidSet(decoder);
      if (decoder.acceptSp()) skipMatchData(decoder);
    } else {
      skipMatchData(decoder);
    }
  }
  decoder.expect(')');
  return { uidValidity, modseq, known };
}

function uidSet(decoder: Decoder): UidSet {
  const set = parseUidSet(decoder.sequenceText());
  return set.kind === 'uid' ? set : decoder.fail('a set of UIDs');
}

/**
 * Skips the pairs of sequence numbers and UIDs that a client may send with QRESYNC. Only servers that soon forget
 * expunged UIDs need these pairs.
 */
function skipMatchData(decoder: Decoder): void {
  decoder.expect('(');
  uidSet(decoder);
  decoder.sp();
  uidSet(decoder);
  decoder.expect(')');
}

export async function openMailbox(
  session: Session,
  args: SelectArguments,
  readOnly: boolean,
): Promise<Outcome> {
  const { name, given, condstore, resync } = args;
  if (resync !== null && !session.enabled.has('QRESYNC')) throw bad('ENABLE QRESYNC first');
  if (session.state === 'selected') {
    session.unselect();
    session.status('OK', 'CLOSED', 'Previous mailbox closed');
  }
  if (condstore) session.enable('CONDSTORE');
  const mailbox = await SelectedMailbox.open(session, session.deps, {
    account: session.account,
    name,
    readOnly,
  });
  session.select(mailbox);
  describe(session, mailbox);
  if (session.rev2) await reportName(session, mailbox, given);
  if (resync?.uidValidity === mailbox.info.uidValidity) await reportMissed(mailbox, resync);
  return readOnly
    ? { code: 'READ-ONLY', text: 'Examined, read-only' }
    : { code: 'READ-WRITE', text: 'Selected' };
}

function describe(session: Session, mailbox: SelectedMailbox): void {
  const { info, view, readOnly } = mailbox;
  session.send(`* FLAGS ${list(mailbox.flags)}`);
  session.status(
    'OK',
    `PERMANENTFLAGS ${list(readOnly ? [] : [...mailbox.flags, '\\*'])}`,
    'Flags that stay',
  );
  session.send(`* ${view.size} EXISTS`);
  if (!session.rev2) {
    session.send(`* ${view.recentCount} RECENT`);
    const unseen = firstUnseen(mailbox);
    if (unseen !== -1) session.status('OK', `UNSEEN ${unseen + 1}`, 'First unseen');
  }
  session.status('OK', `UIDVALIDITY ${info.uidValidity}`, 'UIDs are valid');
  const next = Math.max(info.uidNext, view.lastUid + 1);
  session.status('OK', `UIDNEXT ${next}`, 'Predicted next UID');
  mailbox.reportHighestModseq();
  session.status('OK', `MAILBOXID (${info.id})`, 'Mailbox id');
}

/**
 * Sends the LIST response that SELECT returns in IMAP4rev2, with OLDNAME if the client wrote the name in
 * another form (RFC 9051 §6.3.2).
 */
async function reportName(session: Session, { info }: SelectedMailbox, given: string): Promise<void> {
  const { store, account } = session;
  const entries = await listMailboxes(
    await store.mailboxes.list(account),
    await store.mailboxes.subscriptions(account),
    {
      patterns: [info.name],
      select: { subscribed: false, specialUse: false, recursiveMatch: false },
      returnSubscribed: true,
    },
  );
  const oldName = given === info.name ? null : given;
  for (const entry of entries) session.send(listResponse('LIST', { ...entry, oldName }, session.utf8));
}

/** Returns the index of the first message without `\Seen`, or −1. */
function firstUnseen({ view }: SelectedMailbox): number {
  for (let index = 0; index < view.size; index++) {
    if (!hasFlag(view.at(index)?.flags ?? [], '\\seen')) return index;
  }
  return -1;
}

/** Reports the changes to the mailbox since the client last had it selected (RFC 7162 §3.2.5.1). */
async function reportMissed(mailbox: SelectedMailbox, resync: Resync): Promise<void> {
  const { view } = mailbox;
  const isKnown = resync.known === null ? () => true : membership(resync.known, HIGHEST_UID);
  await mailbox.reportVanished(resync.modseq, isKnown);
  const changed: FlagReport[] = [];
  for (let index = 0; index < view.size; index++) {
    const placement = view.at(index);
    if (placement === undefined || placement.modseq <= resync.modseq || !isKnown(placement.uid)) continue;
    changed.push({ ...placement, number: view.number(index) });
  }
  await mailbox.reportFlags(changed, { uid: true });
}
