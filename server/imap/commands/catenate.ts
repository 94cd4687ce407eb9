/** CATENATE (RFC 4469): composes a message from texts in the command and from parts of stored messages. */
import { createReadStream } from 'node:fs';
import type { MessageOctets } from '../../message/octets.ts';
import { NoRoom, type HeldMessage } from '../../net/in-flight/index.ts';
import { decodeText, Decoder } from '../wire/decoder.ts';
import type { Uid } from '../../store/ids.ts';
import type { Placement } from '../../store/store.ts';
import { decodeName, normalizeName } from '../wire/mailbox-name.ts';
import { Pace } from '../session/pace.ts';
import { no, NO_ROOM } from '../wire/response.ts';
import {
  parseSectionSpec,
  applyPartial,
  sectionOctets,
  type OctetRange,
  type Section,
} from '../message/section.ts';
import { lowerBound } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

export type CatenatePart = { readonly text: MessageOctets } | { readonly url: string };

/** The parts of an IMAP URL (RFC 5092) that names no server. */
interface MessageUrl {
  /** Name of the mailbox; `null` for the selected mailbox. */
  readonly mailbox: string | null;
  readonly uidValidity: number | null;
  readonly uid: Uid;
  readonly section: Section;
  readonly partial: OctetRange | null;
}

export function parseCatenate(decoder: Decoder): CatenatePart[] {
  return decoder.list((): CatenatePart => {
    if (decoder.acceptWord('TEXT')) {
      decoder.sp();
      return { text: decoder.literal().octets };
    }
    if (!decoder.acceptWord('URL')) decoder.fail('TEXT or URL');
    decoder.sp();
    return { url: decodeText(decoder.astring()) };
  });
}

/**
 * Composes a message from texts and from parts of stored messages. Returns its octets, which are valid until the
 * caller releases `message`.
 *
 * @param message the object that holds the octets of the composed message
 * @throws Status NO [BADURL …] for a URL that refers to no stored octets, NO [TOOBIG] or NO [LIMIT]
 */
export async function catenate(
  session: Session,
  parts: readonly CatenatePart[],
  message: HeldMessage,
): Promise<MessageOctets> {
  const mailboxes: OpenMailboxes = new Map();
  const pace = new Pace();
  for (const part of parts) {
    await append(message, 'text' in part ? part.text : await octetsAt(session, part.url, mailboxes));
    if (message.oversized) throw no('TOOBIG', 'The message is too large');
    if (pace.overdue) await pace.rest();
  }
  try {
    return await message.octetsOrFile();
  } catch (error) {
    throw error instanceof NoRoom ? NO_ROOM : error;
  }
}

async function append(message: HeldMessage, octets: MessageOctets): Promise<void> {
  if (Buffer.isBuffer(octets)) {
    await message.add(octets);
    return;
  }
  for await (const piece of createReadStream(octets.file) as AsyncIterable<Buffer>) await message.add(piece);
}

/**
 * The mailboxes that the URLs of one command refer to, each opened once; the key `null` is the selected
 * mailbox.
 */
type OpenMailboxes = Map<string | null, Promise<OpenMailbox | null>>;

interface OpenMailbox {
  readonly uidValidity: number;
  readonly placements: readonly Placement[];
}

async function openMailbox(session: Session, name: string | null): Promise<OpenMailbox | null> {
  const selected = session.state === 'selected' ? session.mailbox.info : undefined;
  const info = name === null ? selected : await session.store.mailboxes.find(session.account, name);
  if (info === undefined) return null;
  return { uidValidity: info.uidValidity, placements: await session.store.placements.list(info.id) };
}

/**
 * Returns the message with the given UID. The messages of a mailbox are in ascending order of UIDs, so the search
 * takes logarithmic time.
 */
function placementOf({ placements }: OpenMailbox, uid: Uid): Placement | undefined {
  const list = { size: placements.length, uidAt: (index: number) => placements[index]?.uid ?? (0 as Uid) };
  const found = placements[lowerBound(list, uid)];
  return found?.uid === uid ? found : undefined;
}

async function octetsAt(session: Session, text: string, mailboxes: OpenMailboxes): Promise<Buffer> {
  const refuse = (): never => {
    throw no(`BADURL ${JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?'))}`, 'The URL names nothing here');
  };
  const url = parseMessageUrl(text) ?? refuse();
  const opened = mailboxes.get(url.mailbox) ?? openMailbox(session, url.mailbox);
  mailboxes.set(url.mailbox, opened);
  const mailbox = await opened;
  if (mailbox === null || (url.uidValidity !== null && url.uidValidity !== mailbox.uidValidity))
    return refuse();
  const placement = placementOf(mailbox, url.uid);
  if (placement === undefined) return refuse();
  const octets = await session.deps.messages.use(placement, async (message) => {
    const section = sectionOctets(message.raw, url.section, () => message.structure);
    return section === null ? null : copied(applyPartial(section, url.partial), message.raw);
  });
  return octets ?? refuse();
}

/** Copies a small part of a large message: a view of the buffer would keep the whole message in memory. */
const copied = (part: Buffer, whole: Buffer): Buffer =>
  part.length * 2 < whole.length ? Buffer.from(part) : part;

/**
 * Parses `/mailbox;UIDVALIDITY=1/;UID=2/;SECTION=1.2/;PARTIAL=0.100`, where only the UID is required; returns
 * `null` for any other text.
 */
function parseMessageUrl(url: string): MessageUrl | null {
  const pattern =
    /^(?:\/([^;]+)(?:;UIDVALIDITY=(\d{1,10}))?)?\/?;UID=(\d{1,10})(?:\/;SECTION=([^;]+?))?(?:\/;PARTIAL=(\d+)(?:\.(\d+))?)?$/i;
  const match = pattern.exec(url);
  if (match === null) return null;
  const [, mailbox, uidValidity, uid, section, origin, count] = match;
  try {
    const name = mailbox === undefined ? null : decodeURIComponent(mailbox).replace(/\/$/, '');
    return {
      mailbox: name === null ? null : normalizeName(decodeName(Buffer.from(name), true)),
      uidValidity: uidValidity === undefined ? null : Number(uidValidity),
      uid: Number(uid) as Uid,
      section: parseSectionSpec(decoderOf(decodeURIComponent(section ?? ''))),
      partial:
        origin === undefined
          ? null
          : { origin: Number(origin), count: Number(count ?? Number.MAX_SAFE_INTEGER) },
    };
  } catch {
    return null;
  }
}

const decoderOf = (text: string): Decoder => new Decoder({ texts: [Buffer.from(text)], literals: [] });
