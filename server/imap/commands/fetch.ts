/** The commands FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4 and §3.2.6), which send data of messages. */
import type { Seq, Uid } from '../../store/ids.ts';
import { unlessUnwritable } from '../../store/store.ts';
import { command, SELECTED, setArgument } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { parseFetchItems, setsSeen, type FetchItem } from '../message/fetch-item.ts';
import { sendFetched } from '../session/fetch-writer.ts';
import { hasFlag, SEEN } from '../message/flags.ts';
import { bad } from '../wire/response.ts';
import { HIGHEST_UID, membership, type MessageSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

const NOTHING: ReadonlySet<Uid> = new Set();

interface Modifiers {
  readonly changedSince: Seq | null;
  readonly vanished: boolean;
}

interface FetchArguments extends Modifiers {
  readonly set: MessageSet;
  readonly items: readonly FetchItem[];
}

export const fetch = command<FetchArguments>({
  name: 'FETCH',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  capabilities: ['BINARY', 'CONDSTORE', 'PREVIEW', 'SAVEDATE', 'OBJECTID'],
  parse(decoder, { uid }) {
    decoder.sp();
    const set = setArgument(decoder, { uid });
    decoder.sp();
    const items = parseFetchItems(decoder);
    const modifiers = decoder.acceptSp() ? parseModifiers(decoder) : { changedSince: null, vanished: false };
    if (modifiers.vanished && (!uid || modifiers.changedSince === null)) {
      throw bad('VANISHED needs UID FETCH with CHANGEDSINCE');
    }
    return { set, items: withImplied(items, modifiers, uid), ...modifiers };
  },
  async run(session, { set, items, changedSince, vanished }, { uid }) {
    const { mailbox } = session;
    if (changedSince !== null || items.some(({ kind }) => kind === 'MODSEQ')) session.enable('CONDSTORE');
    if (vanished) {
      if (!session.enabled.has('QRESYNC')) throw bad('ENABLE QRESYNC first');
      const isNamed = set.kind === 'uid' ? membership(set, HIGHEST_UID) : () => false;
      await mailbox.reportVanished(changedSince ?? (0 as Seq), isNamed);
    }
    await mailbox.load();
    const named = mailbox.indexes(set);
    const indexes =
      changedSince === null ? named : named.filter((at) => (mailbox.view.at(at)?.modseq ?? 0) > changedSince);
    const seen = await markSeen(session, items, indexes);
    const { gone } = await sendFetched(session, items, indexes, seen);
    return gone && !uid ? { code: 'EXPUNGEISSUED', text: 'Some of the messages are gone' } : undefined;
  },
});

function parseModifiers(decoder: Decoder): Modifiers {
  let changedSince: Seq | null = null;
  let vanished = false;
  decoder.list(() => {
    const name = decoder.keyword('a fetch modifier');
    if (name === 'VANISHED') {
      vanished = true;
    } else if (name === 'CHANGEDSINCE') {
      decoder.sp();
      changedSince = decoder.number64('a mod-sequence') as Seq;
    } else {
      decoder.fail('CHANGEDSINCE or VANISHED');
    }
  });
  return { changedSince, vanished };
}

function withImplied(items: readonly FetchItem[], modifiers: Modifiers, uid: boolean): readonly FetchItem[] {
  const implied: FetchItem[] = [];
  const lacks = (kind: 'UID' | 'MODSEQ'): boolean => !items.some((item) => item.kind === kind);
  if (uid && lacks('UID')) implied.push({ kind: 'UID' });
  if (modifiers.changedSince !== null && lacks('MODSEQ')) implied.push({ kind: 'MODSEQ' });
  return [...implied, ...items];
}

/**
 * Sets `\Seen` if one of the items requires it; returns the UIDs of the messages whose flags must be in the
 * response.
 */
async function markSeen(
  session: Session,
  items: readonly FetchItem[],
  indexes: readonly number[],
): Promise<ReadonlySet<Uid>> {
  const { mailbox, store } = session;
  if (mailbox.readOnly || !items.some(setsSeen)) return NOTHING;
  const unseen = indexes
    .flatMap((index) => mailbox.view.at(index) ?? [])
    .filter(({ flags }) => !hasFlag(flags, '\\seen'))
    .map(({ uid }) => uid);
  if (unseen.length === 0) return NOTHING;
  // The messages are sent even if the flag `\Seen` cannot be stored, for example because the disk is full.
  const outcome = await unlessUnwritable(store.placements.setFlags(mailbox.id, unseen, 'add', [SEEN]));
  if (outcome === undefined) return NOTHING;
  const { updated } = outcome;
  mailbox.view.applyOwn(updated);
  return new Set(updated.map(({ uid }) => uid));
}
