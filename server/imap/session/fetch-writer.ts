/**
 * Sends FETCH responses: reads messages ahead of the client, waits for slow clients, and lets other sessions
 * run in between.
 */
import { ConnectionClosed } from '../../net/connection-error.ts';
import type { Uid } from '../../store/ids.ts';
import type { Placement } from '../../store/store.ts';
import { encodeEnvelope } from '../message/envelope.ts';
import { needsBytes, type FetchItem } from '../message/fetch-item.ts';
import { encodeLargeItem } from '../message/fetch-large.ts';
import {
  encodeGone,
  encodeItem,
  fetchStart,
  type EncodedItem,
  type FetchedMessage,
} from '../message/fetch-response.ts';
import type { LargeMessage, LateOctets } from '../message/large-message.ts';
import type { LoadedMessage } from '../message/message-cache.ts';
import { Pace } from './pace.ts';
import { no } from '../wire/response.ts';
import type { SequenceNumber } from '../wire/sequence-set.ts';
import type { Session } from './session.ts';

/** Maximum number of messages that are read ahead of the client. */
const AHEAD = 16;
/** Maximum total size of the messages that are read ahead of the client, in octets. */
const AHEAD_OCTETS = 1024 * 1024;

/** The outcome of sending FETCH responses. */
export interface Sent {
  /** Whether another session expunged some of the messages, so that their bytes no longer exist. */
  readonly gone: boolean;
}

/** Sends a FETCH response for each of the messages that is still in the session's view of the mailbox. */
export async function sendFetched(
  session: Session,
  items: readonly FetchItem[],
  indexes: readonly number[],
  seen: ReadonlySet<Uid>,
): Promise<Sent> {
  const { mailbox, writer } = session;
  const { view } = mailbox;
  const wantsSummary = items.some(({ kind }) => kind === 'PREVIEW');
  const needing = items.filter(needsBytes);
  const bytes = needing.length > 0;
  const ahead = new ReadAhead(
    session,
    bytes ? indexes : [],
    needing.every(({ kind }) => kind === 'ENVELOPE'),
  );
  const itemsWithFlags = withFlags(items, session);
  const pace = new Pace();
  let gone = false;
  for (const index of indexes) {
    const placement = view.at(index);
    const read = bytes ? await ahead.next() : NO_BYTES;
    if (placement === undefined) {
      gone = true;
      continue;
    }
    const summary = wantsSummary ? ((await session.store.messages.summary(placement.message)) ?? null) : null;
    const fetched = { placement, flags: mailbox.flagsOf(placement), ...read, summary };
    const shown = seen.has(placement.uid) ? itemsWithFlags : items;
    gone ||= await sendResponse(session, view.number(index), shown, fetched);
    if (writer.handed) await writer.ready();
    if (bytes ? pace.overdue : pace.due) await pace.rest();
  }
  session.log.debug({ server: `${indexes.length} FETCH responses` });
  return { gone };
}

/** The data of one message that its FETCH response needs. */
interface Fetched extends Omit<FetchedMessage, 'envelope'>, Read {}

/**
 * Sends the response for one message. Encodes all items before it writes any, because an item that fails must
 * not interrupt a response.
 *
 * @returns whether bytes were missing, because the message is expunged
 */
async function sendResponse(
  session: Session,
  number: SequenceNumber,
  items: readonly FetchItem[],
  fetched: Fetched,
): Promise<boolean> {
  const { writer } = session;
  const encoded: EncodedItem[] = [];
  let gone = false;
  for (const item of items) {
    const made = needsBytes(item) ? await encodeBytes(session, item, fetched) : encodeItem(item, fetched);
    gone ||= made === undefined;
    encoded.push(made ?? encodeGone(item));
  }
  if (gone && (await session.store.messages.summary(fetched.placement.message)) !== undefined) {
    throw no('UNAVAILABLE', 'The bytes of a message are missing');
  }
  let text = fetchStart(number);
  let separator = '';
  for (const [name, octets] of encoded) {
    text += separator + name;
    separator = ' ';
    if (octets === undefined) continue;
    writer.text(text);
    text = '';
    if (Buffer.isBuffer(octets)) writer.octets(octets);
    else await sendLate(session, octets);
  }
  writer.text(`${text})\r\n`);
  return gone;
}

/** Encodes the items that need the message's bytes; `undefined` if the message is expunged. */
async function encodeBytes(
  session: Session,
  item: FetchItem,
  fetched: Fetched,
): Promise<EncodedItem | undefined> {
  const { message, large, placement } = fetched;
  if (item.kind !== 'ENVELOPE') {
    if (large !== null) return encodeLargeItem(item, large);
    return message === null ? undefined : encodeItem(item, { ...fetched, envelope: null });
  }
  if (fetched.envelope !== null) return encodeItem(item, fetched);
  const header = large === null ? message?.header : await large.header();
  if (header === undefined) return undefined;
  // The encoded envelope is cached for all sessions that list the message.
  const envelope = encodeEnvelope(header);
  session.deps.messages.keepEnvelope(placement.message, envelope);
  return encodeItem(item, { ...fetched, envelope });
}

/**
 * Sends octets in slices. Before each slice, waits until the client has received the previous slice.
 *
 * @throws ConnectionClosed if the message was expunged in the meantime: the size of the literal is already sent, so the
 *   session cannot continue
 */
async function sendLate({ writer, connection, log }: Session, octets: LateOctets): Promise<void> {
  for (let at = 0; at < octets.length; at += octets.slice) {
    const end = Math.min(at + octets.slice, octets.length);
    const slice = await octets.read(at, end);
    if (slice?.length !== end - at) {
      log.warn('imap: a message was deleted while a client read it; the connection is closed');
      connection.destroy();
      throw new ConnectionClosed();
    }
    writer.octets(slice);
    await writer.ready();
  }
}

/**
 * Returns the FETCH items with FLAGS added if it is missing, and with MODSEQ added if CONDSTORE is enabled. They
 * are sent for messages whose flag `\Seen` was set by this FETCH, because the client must know the new flags.
 */
function withFlags(items: readonly FetchItem[], session: Session): readonly FetchItem[] {
  const told: FetchItem[] = [...items];
  const lacks = (kind: 'FLAGS' | 'MODSEQ'): boolean => !items.some((item) => item.kind === kind);
  if (lacks('FLAGS')) told.push({ kind: 'FLAGS' });
  if (session.enabled.has('CONDSTORE') && lacks('MODSEQ')) told.push({ kind: 'MODSEQ' });
  return told;
}

/** The bytes and encoded parts of a message; all fields are `null` if the message is expunged. */
interface Read {
  readonly message: LoadedMessage | null;
  readonly large: LargeMessage | null;
  readonly envelope: string | null;
}
const NO_BYTES: Read = { message: null, large: null, envelope: null };
const NOTHING = Promise.resolve(NO_BYTES);

/** Reads messages in order, ahead of the responses; large messages are not read ahead. */
class ReadAhead {
  readonly #session: Session;
  readonly #indexes: readonly number[];
  readonly #envelopesOnly: boolean;
  readonly #waiting: { readonly size: number; readonly read: Promise<Read> }[] = [];
  #asked = 0;
  #octets = 0;

  /** @param envelopesOnly whether ENVELOPE is the only requested data item that needs the bytes of the messages */
  constructor(session: Session, indexes: readonly number[], envelopesOnly: boolean) {
    this.#session = session;
    this.#indexes = indexes;
    this.#envelopesOnly = envelopesOnly;
  }

  async next(): Promise<Read> {
    this.#fill();
    const first = this.#waiting.shift();
    if (first === undefined) return NO_BYTES;
    this.#octets -= first.size;
    return first.read;
  }

  #fill(): void {
    while (this.#waiting.length === 0 || (this.#waiting.length < AHEAD && this.#octets < AHEAD_OCTETS)) {
      const index = this.#indexes[this.#asked];
      if (index === undefined) return;
      this.#asked++;
      const placement = this.#session.mailbox.view.at(index);
      const isLarge = placement !== undefined && this.#session.deps.messages.isLarge(placement);
      const size = placement === undefined || isLarge ? 0 : placement.size;
      this.#octets += size;
      const read = placement === undefined ? NOTHING : this.#read(placement);
      read.catch(() => undefined);
      this.#waiting.push({ size, read });
    }
  }

  async #read(placement: Placement): Promise<Read> {
    const { messages } = this.#session.deps;
    const envelope = this.#envelopesOnly ? messages.envelope(placement.message) : null;
    if (envelope !== null) return { ...NO_BYTES, envelope };
    if (messages.isLarge(placement)) return { ...NO_BYTES, large: messages.large(placement) };
    return { ...NO_BYTES, message: (await messages.load(placement.message)) ?? null };
  }
}
