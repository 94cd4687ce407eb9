/** CATENATE (RFC 4469): a message put together from text and from parts of messages that are here already. */
import { decodeText, Decoder } from './decoder.ts';
import type { Uid } from '../store/ids.ts';
import { decodeName, normalizeName } from './mailbox-name.ts';
import { no } from './response.ts';
import { parseSectionSpec, applyPartial, sectionOctets, type OctetRange, type Section } from './section.ts';
import type { Session } from './session.ts';

export type CatenatePart = { readonly text: Buffer } | { readonly url: string };

/** What an IMAP URL (RFC 5092) without its server names. */
interface MessageUrl {
  /** `null` for the selected mailbox. */
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

/** @throws Status NO [BADURL …] for what names nothing here */
export async function catenate(session: Session, parts: readonly CatenatePart[]): Promise<Buffer> {
  const octets: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    const next = 'text' in part ? part.text : await octetsAt(session, part.url);
    size += next.length;
    if (size > session.context.messageLimit) throw no('TOOBIG', 'The message is too large');
    octets.push(next);
  }
  return Buffer.concat(octets);
}

async function octetsAt(session: Session, text: string): Promise<Buffer> {
  const refuse = (): never => {
    throw no(`BADURL ${JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?'))}`, 'The URL names nothing here');
  };
  const url = parseMessageUrl(text) ?? refuse();
  const info =
    url.mailbox === null
      ? session.state === 'selected'
        ? session.mailbox.info
        : undefined
      : await session.store.mailbox(session.account, url.mailbox);
  if (info === undefined || (url.uidValidity !== null && url.uidValidity !== info.uidValidity))
    return refuse();
  const placement = (await session.store.placements(info.id)).find(({ uid }) => uid === url.uid);
  const message =
    placement === undefined ? undefined : await session.context.messages.load(placement.message);
  if (message === undefined) return refuse();
  const octets = sectionOctets(message.raw, url.section, () => message.structure);
  return octets === null ? refuse() : applyPartial(octets, url.partial);
}

/** `/mailbox;UIDVALIDITY=1/;UID=2/;SECTION=1.2/;PARTIAL=0.100`, all but the UID optional; `null` for anything else. */
export function parseMessageUrl(url: string): MessageUrl | null {
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
