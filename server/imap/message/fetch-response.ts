/** The items of one FETCH response (RFC 9051 §7.5.2). */
import type { MessageSummary, Placement } from '../../store/store.ts';
import { decodeBinary } from './binary.ts';
import { dateTime, list, string } from '../wire/encoder.ts';
import type { FetchItem } from './fetch-item.ts';
import type { LoadedMessage } from './message-cache.ts';
import { applyPartial, sectionOctets } from './section.ts';
import { EMPTY_ENVELOPE } from './envelope.ts';
import type { LateOctets } from './large-message.ts';
import { EMPTY_BODY, encodeStructure } from './structure.ts';

/** What is known of the message; `message` and `summary` only when an item asks for them. */
export interface FetchedMessage {
  readonly placement: Placement;
  /** As this session sees them. */
  readonly flags: readonly string[];
  readonly message: LoadedMessage | null;
  /** As encoded; only when an item asks for it. */
  readonly envelope: string | null;
  readonly summary: MessageSummary | null;
}

/** What stands for an item: text, and the octets of the literal that the text ends with. */
export type EncodedItem = readonly [text: string, octets?: Buffer | LateOctets];

const NOTHING: EncodedItem = [''];

/** @throws Status NO for content that cannot be given; nothing may have been written of the response then */
export function encodeItem(item: FetchItem, fetched: FetchedMessage): EncodedItem {
  const { placement, message } = fetched;
  switch (item.kind) {
    case 'section':
    case 'binary':
    case 'binary-size':
      return message === null ? NOTHING : encodeOctets(item, message);
    case 'ENVELOPE':
      return [`ENVELOPE ${fetched.envelope ?? 'NIL'}`];
    case 'BODY':
    case 'BODYSTRUCTURE': {
      if (message === null) return NOTHING;
      const structure = encodeStructure(message.raw, message.structure.root, item.kind === 'BODYSTRUCTURE');
      return [`${item.kind} ${structure}`];
    }
    case 'FLAGS':
      return [`FLAGS ${list(fetched.flags)}`];
    case 'UID':
      return [`UID ${placement.uid}`];
    case 'INTERNALDATE':
      return [`INTERNALDATE ${dateTime(placement.receivedAt)}`];
    case 'SAVEDATE':
      return [`SAVEDATE ${dateTime(placement.savedAt)}`];
    case 'RFC822.SIZE':
      return [`RFC822.SIZE ${placement.size}`];
    case 'MODSEQ':
      return [`MODSEQ (${placement.modseq})`];
    case 'EMAILID':
      return [`EMAILID (${placement.message})`];
    case 'THREADID':
      return ['THREADID NIL'];
    case 'PREVIEW':
      return [`PREVIEW ${string(fetched.summary?.preview ?? '')}`];
  }
}

export type OctetItem = Extract<FetchItem, { kind: 'section' | 'binary' | 'binary-size' }>;

function encodeOctets(item: OctetItem, message: LoadedMessage): EncodedItem {
  if (item.kind === 'section') {
    const octets = sectionOctets(message.raw, item.section, () => message.structure);
    return octets === null ? noSuchPart(item) : sectionLiteral(item, octets);
  }
  const octets = decodeBinary(message.raw, item.section, () => message.structure);
  if (item.kind === 'binary-size') return [`${item.label} ${octets?.length ?? 0}`];
  return octets === null ? noSuchPart(item) : literal(item, applyPartial(octets, item.partial));
}

type LiteralItem = Exclude<OctetItem, { kind: 'binary-size' }>;

const nameOf = ({ label, partial }: LiteralItem): string =>
  partial === null ? label : `${label}<${partial.origin}>`;

export const noSuchPart = (item: LiteralItem): EncodedItem => [`${nameOf(item)} NIL`];

/** The item with its octets as literal, or as literal8 where they hold NUL (RFC 3516 §4.3). */
function literal(item: LiteralItem, octets: Buffer): EncodedItem {
  return [`${nameOf(item)} ${octets.includes(0) ? '~' : ''}{${octets.length}}\r\n`, octets];
}

/** The octets of a section, as far as the client wants them. */
export const sectionLiteral = (item: LiteralItem, octets: Buffer): EncodedItem =>
  literal(item, withoutNul(applyPartial(octets, item.partial)));

/** The same with octets that are read later. @param binary whether to announce literal8 */
export function lateLiteral(item: LiteralItem, octets: LateOctets, binary: boolean): EncodedItem {
  return [`${nameOf(item)} ${binary ? '~' : ''}{${octets.length}}\r\n`, octets];
}

/** Octets as a text literal may hold them (RFC 3501 §9, CHAR8): 0x80 in place of NUL, as other servers send it. */
export function withoutNul(octets: Buffer): Buffer {
  let at = octets.indexOf(0);
  if (at === -1) return octets;
  const sent = Buffer.from(octets);
  for (; at !== -1; at = sent.indexOf(0, at + 1)) sent[at] = 0x80;
  return sent;
}

/** What stands for the bytes of a message that was expunged elsewhere (RFC 2180 §4.1.3): the client has it still. */
export function encodeGone(item: FetchItem): EncodedItem {
  if (item.kind === 'section' || item.kind === 'binary') return noSuchPart(item);
  if (item.kind === 'binary-size') return [`${item.label} 0`];
  if (item.kind === 'BODY' || item.kind === 'BODYSTRUCTURE') return [`${item.kind} ${EMPTY_BODY}`];
  return [`ENVELOPE ${EMPTY_ENVELOPE}`];
}
