/** The items of one FETCH response (RFC 9051 §7.5.2). */
import type { MessageSummary, Placement } from '../store/store.ts';
import { decodeBinary } from './binary.ts';
import { dateTime, list, string } from './encoder.ts';
import type { FetchItem } from './fetch-item.ts';
import type { LoadedMessage } from './message-cache.ts';
import { applyPartial, sectionOctets } from './section.ts';
import { encodeStructure } from './structure.ts';

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
export type EncodedItem = readonly [text: string, octets?: Buffer];

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

type OctetItem = Extract<FetchItem, { kind: 'section' | 'binary' | 'binary-size' }>;

function encodeOctets(item: OctetItem, message: LoadedMessage): EncodedItem {
  if (item.kind === 'section') {
    const octets = sectionOctets(message.raw, item.section, () => message.structure);
    return literal(item, octets, false);
  }
  const octets = decodeBinary(message, item.section);
  if (item.kind === 'binary-size') return [`${item.label} ${octets?.length ?? 0}`];
  return literal(item, octets, true);
}

/** @param binary as literal8 where the octets hold NUL */
function literal(
  { label, partial }: Exclude<OctetItem, { kind: 'binary-size' }>,
  octets: Buffer | null,
  binary: boolean,
): EncodedItem {
  const name = partial === null ? label : `${label}<${partial.origin}>`;
  if (octets === null) return [`${name} NIL`];
  const shown = applyPartial(octets, partial);
  return [`${name} ${binary && shown.includes(0) ? '~' : ''}{${shown.length}}\r\n`, shown];
}
