/** Sends FETCH responses: messages read ahead, the client waited for, other sessions let through. */
import type { Uid } from '../store/ids.ts';
import { needsBytes, type FetchItem } from './fetch-item.ts';
import { encodeItem, type FetchedMessage } from './fetch-response.ts';
import type { LoadedMessage } from './message-cache.ts';
import { Pace } from './pace.ts';
import type { SequenceNumber } from './sequence-set.ts';
import type { Session } from './session.ts';
import type { ResponseWriter } from './writer.ts';

/** Messages whose bytes are read ahead of the one being sent, and the octets that may wait so. */
const AHEAD = 16;
const AHEAD_OCTETS = 8 * 1024 * 1024;
const NO_MESSAGE = Promise.resolve(undefined);

/** Sends a response for each; false when some were gone. */
export async function sendFetched(
  session: Session,
  items: readonly FetchItem[],
  indexes: readonly number[],
  seen: ReadonlySet<Uid>,
): Promise<boolean> {
  const { mailbox, writer } = session;
  const { view } = mailbox;
  const wantsSummary = items.some(({ kind }) => kind === 'PREVIEW');
  const bytes = items.some(needsBytes);
  const ahead = new ReadAhead(session, bytes ? indexes : []);
  const itemsWithFlags = withFlags(items, session);
  const pace = new Pace();
  let complete = true;
  for (const index of indexes) {
    const placement = view.at(index);
    const message = bytes ? await ahead.next() : null;
    if (placement === undefined || message === undefined) {
      complete = false;
      continue;
    }
    const summary = wantsSummary ? ((await session.store.summary(placement.message)) ?? null) : null;
    const fetched = { placement, flags: mailbox.flagsOf(placement), message, summary };
    const shown = seen.has(placement.uid) ? itemsWithFlags : items;
    writeResponse(writer, view.number(index), shown, fetched);
    if (writer.handed) await writer.ready();
    if (bytes ? pace.overdue : pace.due) await pace.rest();
  }
  session.log.debug({ server: `${indexes.length} FETCH responses` });
  return complete;
}

/** All items are made before any is written: one that cannot be given must not cut the response in two. */
function writeResponse(
  writer: ResponseWriter,
  number: SequenceNumber,
  items: readonly FetchItem[],
  fetched: FetchedMessage,
): void {
  const encoded = items.map((item) => encodeItem(item, fetched));
  let text = `* ${number} FETCH (`;
  let separator = '';
  for (const [name, octets] of encoded) {
    text += separator + name;
    separator = ' ';
    if (octets === undefined) continue;
    writer.text(text);
    writer.octets(octets);
    text = '';
  }
  writer.text(`${text})\r\n`);
}

/** The items and, where they are missing, what tells that `\Seen` was set. */
function withFlags(items: readonly FetchItem[], session: Session): readonly FetchItem[] {
  const told: FetchItem[] = [...items];
  const lacks = (kind: 'FLAGS' | 'MODSEQ'): boolean => !items.some((item) => item.kind === kind);
  if (lacks('FLAGS')) told.push({ kind: 'FLAGS' });
  if (session.enabled.has('CONDSTORE') && lacks('MODSEQ')) told.push({ kind: 'MODSEQ' });
  return told;
}

/** Reads messages ahead, in order. */
class ReadAhead {
  readonly #session: Session;
  readonly #indexes: readonly number[];
  readonly #waiting: { readonly size: number; readonly message: Promise<LoadedMessage | undefined> }[] = [];
  #asked = 0;
  #octets = 0;

  constructor(session: Session, indexes: readonly number[]) {
    this.#session = session;
    this.#indexes = indexes;
  }

  async next(): Promise<LoadedMessage | undefined> {
    this.#fill();
    const first = this.#waiting.shift();
    if (first === undefined) return undefined;
    this.#octets -= first.size;
    return first.message;
  }

  #fill(): void {
    const { mailbox, context } = this.#session;
    while (this.#waiting.length === 0 || (this.#waiting.length < AHEAD && this.#octets < AHEAD_OCTETS)) {
      const index = this.#indexes[this.#asked];
      if (index === undefined) return;
      this.#asked++;
      const placement = mailbox.view.at(index);
      const size = placement?.size ?? 0;
      this.#octets += size;
      const message = placement === undefined ? NO_MESSAGE : context.messages.load(placement.message);
      message.catch(() => undefined);
      this.#waiting.push({ size, message });
    }
  }
}
