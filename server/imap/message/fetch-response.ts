/**
 * Encodes FETCH responses (RFC 9051 §7.5.2): their beginning, their items, and complete responses that report
 * flags.
 */
import type { Seq, Uid } from '../../store/ids.ts';
import type { MessageSummary, Placement } from '../../store/store.ts';
import { decodeBinary } from './binary.ts';
import { dateTime, list, string } from '../wire/encoder.ts';
import type { SequenceNumber } from '../wire/sequence-set.ts';
import type { FetchItem } from './fetch-item.ts';
import type { LoadedMessage } from './message-cache.ts';
import { applyPartial, sectionOctets } from './section.ts';
import { EMPTY_ENVELOPE } from './envelope.ts';
import type { LateOctets } from './large-message.ts';
import { EMPTY_BODY, encodeStructure } from './structure.ts';

/** The data of a message for a FETCH response; `message` and `summary` are loaded only if an item needs them. */
export interface FetchedMessage {
  readonly placement: Placement;
  /** Flags of the message as the client sees them. */
  readonly flags: readonly string[];
  readonly message: LoadedMessage | null;
  /** The encoded ENVELOPE; `null` if no item requires it. */
  readonly envelope: string | null;
  readonly summary: MessageSummary | null;
}

/** An encoded item: its text, and the octets of the literal whose size the text announces. */
export type EncodedItem = readonly [text: string, octets?: Buffer | LateOctets];

const NOTHING: EncodedItem = [''];

/** Returns the beginning of a FETCH response; the items and `)` must follow. */
export const fetchStart = (number: SequenceNumber): string => `* ${number} FETCH (`;

/**
 * Returns a FETCH response that reports the given values (UID, flags, MODSEQ); `null` if neither flags nor a MODSEQ
 * is given.
 */
export function flagsResponse(
  number: SequenceNumber,
  { uid, modseq, flags }: { uid: Uid | null; modseq: Seq | null; flags: readonly string[] | null },
): string | null {
  if (modseq === null && flags === null) return null;
  const items = [
    ...(uid === null ? [] : [`UID ${uid}`]),
    ...(modseq === null ? [] : [`MODSEQ (${modseq})`]),
    ...(flags === null ? [] : [`FLAGS ${list(flags)}`]),
  ];
  return `${fetchStart(number)}${items.join(' ')})`;
}

/** Encoders for the items that consist only of a name. */
const ENCODERS: Readonly<Record<NamedItem['kind'], (fetched: FetchedMessage) => EncodedItem>> = {
  ENVELOPE: ({ envelope }) => [`ENVELOPE ${envelope ?? 'NIL'}`],
  BODY: ({ message }) => structureItem('BODY', message),
  BODYSTRUCTURE: ({ message }) => structureItem('BODYSTRUCTURE', message),
  FLAGS: ({ flags }) => [`FLAGS ${list(flags)}`],
  UID: ({ placement }) => [`UID ${placement.uid}`],
  INTERNALDATE: ({ placement }) => [`INTERNALDATE ${dateTime(placement.receivedAt)}`],
  SAVEDATE: ({ placement }) => [`SAVEDATE ${dateTime(placement.savedAt)}`],
  'RFC822.SIZE': ({ placement }) => [`RFC822.SIZE ${placement.size}`],
  MODSEQ: ({ placement }) => [`MODSEQ (${placement.modseq})`],
  EMAILID: ({ placement }) => [`EMAILID (${placement.message})`],
  THREADID: () => ['THREADID NIL'],
  PREVIEW: ({ summary }) => [`PREVIEW ${string(summary?.preview ?? '')}`],
};

function structureItem(kind: 'BODY' | 'BODYSTRUCTURE', message: LoadedMessage | null): EncodedItem {
  if (message === null) return NOTHING;
  return [`${kind} ${encodeStructure(message.raw, message.structure.root, kind === 'BODYSTRUCTURE')}`];
}

/**
 * Encodes one FETCH data item. @throws Status NO for content that cannot be decoded; therefore no part of the
 * response may be sent before all items are encoded
 */
export function encodeItem(item: FetchItem, fetched: FetchedMessage): EncodedItem {
  if (!('label' in item)) return ENCODERS[item.kind](fetched);
  return fetched.message === null ? NOTHING : encodeOctets(item, fetched.message);
}

export type OctetItem = Extract<FetchItem, { label: string }>;
type NamedItem = Exclude<FetchItem, OctetItem>;

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

/** Encodes an item with its octets as a literal, or as a literal8 if the octets contain NUL (RFC 3516 §4.3). */
function literal(item: LiteralItem, octets: Buffer): EncodedItem {
  return [`${nameOf(item)} ${octets.includes(0) ? '~' : ''}{${octets.length}}\r\n`, octets];
}

/** Encodes the octets of a section, or only the range of octets that the client requested. */
export const sectionLiteral = (item: LiteralItem, octets: Buffer): EncodedItem =>
  literal(item, withoutNul(applyPartial(octets, item.partial)));

/** Encodes an item whose octets are read while they are sent. @param binary whether to announce a literal8 */
export function lateLiteral(item: LiteralItem, octets: LateOctets, binary: boolean): EncodedItem {
  return [`${nameOf(item)} ${binary ? '~' : ''}{${octets.length}}\r\n`, octets];
}

/** Replaces each NUL by 0x80, as other servers do, because a literal must not contain NUL (RFC 3501 §9, CHAR8). */
export function withoutNul(octets: Buffer): Buffer {
  let at = octets.indexOf(0);
  if (at === -1) return octets;
  const sent = Buffer.from(octets);
  for (; at !== -1; at = sent.indexOf(0, at + 1)) sent[at] = 0x80;
  return sent;
}

/**
 * Encodes an item of a message that another session has expunged (RFC 2180 §4.1.3): for this client, the
 * message still exists.
 */
export function encodeGone(item: FetchItem): EncodedItem {
  if (item.kind === 'section' || item.kind === 'binary') return noSuchPart(item);
  if (item.kind === 'binary-size') return [`${item.label} 0`];
  if (item.kind === 'BODY' || item.kind === 'BODYSTRUCTURE') return [`${item.kind} ${EMPTY_BODY}`];
  return [`ENVELOPE ${EMPTY_ENVELOPE}`];
}
