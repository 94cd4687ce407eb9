/** FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4 and §3.2.6). */
import type { Seq, Uid } from '../../store/ids.ts';
import type { Placement } from '../../store/store.ts';
import { command, SELECTED, setArgument } from '../command.ts';
import { needsBytes, parseFetchItems, setsSeen, type FetchItem } from '../fetch-item.ts';
import { encodeItem } from '../fetch-response.ts';
import { hasFlag, SEEN } from '../flags.ts';
import type { LoadedMessage } from '../message-cache.ts';
import { Pace } from '../pace.ts';
import { bad, no } from '../response.ts';
import { contains, formatSet, type MessageSet } from '../sequence-set.ts';
import type { Decoder } from '../decoder.ts';
import type { Session } from '../session.ts';

/** Messages whose bytes are read ahead of the one being sent, and the octets that may wait so. */
const AHEAD = 16;
const AHEAD_OCTETS = 8 * 1024 * 1024;

/** What `*` means where UIDs are named whose messages may be gone. */
export const HIGHEST_UID = 0xffffffff;

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
    if (changedSince !== null || items.some(({ kind }) => kind === 'MODSEQ'))
      session.enabled.add('CONDSTORE');
    if (vanished) {
      if (!session.enabled.has('QRESYNC')) throw bad('ENABLE QRESYNC first');
      await tellVanished(session, set, changedSince ?? (0 as Seq));
    }
    const named = await mailbox.messages(session, set);
    const placements = changedSince === null ? named : named.filter(({ modseq }) => modseq > changedSince);
    const seen = await markSeen(session, items, placements);
    const complete = await sendAll(session, items, placements, seen);
    return complete || uid ? undefined : expungeIssued();
  },
});

function expungeIssued(): never {
  throw no('EXPUNGEISSUED', 'Some of the messages are gone');
}

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

async function tellVanished(session: Session, set: MessageSet, since: Seq): Promise<void> {
  const { mailbox, store } = session;
  const gone = await store.expungedSince(mailbox.id, since);
  const candidates = gone ?? missingUids(mailbox.view.uids, mailbox.info.uidNext);
  const wanted = candidates.filter((uid) => set.kind === 'uid' && contains(set, uid, HIGHEST_UID));
  if (wanted.length > 0) session.send(`* VANISHED (EARLIER) ${formatSet(wanted)}`);
}

/** Every UID below `next` that no message has: what is told when the store does not remember what went when. */
export function missingUids(present: readonly Uid[], next: Uid): Uid[] {
  const have = new Set<number>(present);
  const missing: Uid[] = [];
  for (let uid = 1; uid < next; uid++) if (!have.has(uid)) missing.push(uid as Uid);
  return missing;
}

/** Sets `\Seen` where an item asks for it, in one call; returns the UIDs whose flags are to be told. */
async function markSeen(
  session: Session,
  items: readonly FetchItem[],
  placements: readonly Placement[],
): Promise<ReadonlySet<Uid>> {
  const { mailbox, store } = session;
  if (mailbox.readOnly || !items.some(setsSeen)) return new Set();
  const unseen = placements.filter(({ flags }) => !hasFlag(flags, '\\seen')).map(({ uid }) => uid);
  if (unseen.length === 0) return new Set();
  const { updated } = await store.setFlags(mailbox.id, unseen, 'add', [SEEN]);
  mailbox.view.applyOwn(updated);
  return new Set(updated.map(({ uid }) => uid));
}

/** Sends a response for each; false when some were gone. */
async function sendAll(
  session: Session,
  items: readonly FetchItem[],
  placements: readonly Placement[],
  seen: ReadonlySet<Uid>,
): Promise<boolean> {
  const { mailbox, writer } = session;
  const bytes = items.some(needsBytes);
  const wantsSummary = items.some(({ kind }) => kind === 'PREVIEW');
  const ahead = new ReadAhead(session, bytes ? placements : []);
  const pace = new Pace();
  let complete = true;
  for (const { uid } of placements) {
    const index = mailbox.view.indexOf(uid);
    const placement = mailbox.view.at(index);
    const message = bytes ? await ahead.next() : null;
    const summary =
      wantsSummary && placement !== undefined
        ? ((await session.store.summary(placement.message)) ?? null)
        : null;
    if (placement === undefined || message === undefined) {
      complete = false;
      continue;
    }
    const shown = seen.has(uid) ? withSeenTold(items, session) : items;
    const fetched = { placement, flags: mailbox.flagsOf(placement), message, summary };
    const pieces = shown.map((item) => encodeItem(item, fetched));
    writer.text(`* ${mailbox.view.number(index)} FETCH (`);
    for (const [at, item] of pieces.entries()) {
      if (at > 0) writer.text(' ');
      for (const piece of item) {
        if (typeof piece === 'string') writer.text(piece);
        else writer.octets(piece);
      }
    }
    writer.text(')\r\n');
    if (writer.handed) await writer.ready();
    if (pace.due) await pace.rest();
  }
  return complete;
}

function withSeenTold(items: readonly FetchItem[], session: Session): readonly FetchItem[] {
  const told: FetchItem[] = [...items];
  if (!items.some(({ kind }) => kind === 'FLAGS')) told.push({ kind: 'FLAGS' });
  if (session.enabled.has('CONDSTORE') && !items.some(({ kind }) => kind === 'MODSEQ'))
    told.push({ kind: 'MODSEQ' });
  return told;
}

/** Reads messages ahead, in order. */
class ReadAhead {
  readonly #session: Session;
  readonly #placements: readonly Placement[];
  readonly #waiting: { readonly size: number; readonly message: Promise<LoadedMessage | undefined> }[] = [];
  #asked = 0;
  #octets = 0;

  constructor(session: Session, placements: readonly Placement[]) {
    this.#session = session;
    this.#placements = placements;
  }

  async next(): Promise<LoadedMessage | undefined> {
    this.#fill();
    const first = this.#waiting.shift();
    if (first === undefined) return undefined;
    this.#octets -= first.size;
    return first.message;
  }

  #fill(): void {
    while (this.#waiting.length === 0 || (this.#waiting.length < AHEAD && this.#octets < AHEAD_OCTETS)) {
      const placement = this.#placements[this.#asked];
      if (placement === undefined) return;
      this.#asked++;
      this.#octets += placement.size;
      const message = this.#session.context.messages.load(placement.message);
      message.catch(() => undefined);
      this.#waiting.push({ size: placement.size, message });
    }
  }
}
