/** Sends FETCH responses: messages read ahead, the client waited for, other sessions let through. */
import type { MessageId, Uid } from '../store/ids.ts';
import { encodeEnvelope } from './envelope.ts';
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
  const needing = items.filter(needsBytes);
  const bytes = needing.length > 0;
  const envelopes = items.some(({ kind }) => kind === 'ENVELOPE');
  const ahead = new ReadAhead(
    session,
    bytes ? indexes : [],
    needing.every(({ kind }) => kind === 'ENVELOPE'),
  );
  const itemsWithFlags = withFlags(items, session);
  const pace = new Pace();
  let complete = true;
  for (const index of indexes) {
    const placement = view.at(index);
    const read = bytes ? await ahead.next() : NO_BYTES;
    if (placement === undefined || read === null) {
      complete = false;
      continue;
    }
    const summary = wantsSummary ? ((await session.store.summary(placement.message)) ?? null) : null;
    const { message } = read;
    const envelope = envelopes
      ? (read.envelope ?? encodedEnvelope(session, placement.message, message))
      : null;
    const fetched = { placement, flags: mailbox.flagsOf(placement), message, envelope, summary };
    const shown = seen.has(placement.uid) ? itemsWithFlags : items;
    writeResponse(writer, view.number(index), shown, fetched);
    if (writer.handed) await writer.ready();
    if (bytes ? pace.overdue : pace.due) await pace.rest();
  }
  session.log.debug({ server: `${indexes.length} FETCH responses` });
  return complete;
}

/** Made once for all sessions that list the message. */
function encodedEnvelope(session: Session, id: MessageId, message: LoadedMessage | null): string | null {
  if (message === null) return null;
  const envelope = encodeEnvelope(message.header);
  session.context.messages.keepEnvelope(id, envelope);
  return envelope;
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

/** What a response is made of besides the placement. */
interface Read {
  readonly message: LoadedMessage | null;
  readonly envelope: string | null;
}
const NO_BYTES: Read = { message: null, envelope: null };
const GONE = Promise.resolve(null);

/** Reads messages ahead, in order. */
class ReadAhead {
  readonly #session: Session;
  readonly #indexes: readonly number[];
  readonly #envelopesOnly: boolean;
  readonly #waiting: { readonly size: number; readonly read: Promise<Read | null> }[] = [];
  #asked = 0;
  #octets = 0;

  /** @param envelopesOnly the bytes serve for nothing but ENVELOPE */
  constructor(session: Session, indexes: readonly number[], envelopesOnly: boolean) {
    this.#session = session;
    this.#indexes = indexes;
    this.#envelopesOnly = envelopesOnly;
  }

  /** `null` for a message that is gone. */
  async next(): Promise<Read | null> {
    this.#fill();
    const first = this.#waiting.shift();
    if (first === undefined) return null;
    this.#octets -= first.size;
    return first.read;
  }

  #fill(): void {
    while (this.#waiting.length === 0 || (this.#waiting.length < AHEAD && this.#octets < AHEAD_OCTETS)) {
      const index = this.#indexes[this.#asked];
      if (index === undefined) return;
      this.#asked++;
      const placement = this.#session.mailbox.view.at(index);
      const size = placement?.size ?? 0;
      this.#octets += size;
      const read = placement === undefined ? GONE : this.#read(placement.message);
      read.catch(() => undefined);
      this.#waiting.push({ size, read });
    }
  }

  async #read(id: MessageId): Promise<Read | null> {
    const { messages } = this.#session.context;
    const envelope = this.#envelopesOnly ? messages.envelope(id) : null;
    if (envelope !== null) return { message: null, envelope };
    const message = await messages.load(id);
    return message === undefined ? null : { message, envelope };
  }
}
