/** Writes the items of one FETCH response (RFC 9051 §7.5.2). */
import type { MessageSummary, Placement } from '../store/store.ts';
import { decodeBinary } from './binary.ts';
import { dateTime, list, string } from './encoder.ts';
import { encodeEnvelope } from './envelope.ts';
import type { FetchItem } from './fetch-item.ts';
import type { LoadedMessage } from './message-cache.ts';
import { applyPartial, sectionOctets } from './section.ts';
import { encodeStructure } from './structure.ts';
import type { ResponseWriter } from './writer.ts';

/** What is known of the message; `message` and `summary` only when an item asks for them. */
export interface FetchedMessage {
  readonly placement: Placement;
  /** As this session sees them. */
  readonly flags: readonly string[];
  readonly message: LoadedMessage | null;
  readonly summary: MessageSummary | null;
}

export function writeItem(writer: ResponseWriter, item: FetchItem, fetched: FetchedMessage): void {
  const { placement, message } = fetched;
  switch (item.kind) {
    case 'section':
    case 'binary':
    case 'binary-size':
      if (message !== null) writeOctets(writer, item, message);
      return;
    case 'ENVELOPE':
      if (message !== null) {
        writer.text(`ENVELOPE ${encodeEnvelope(message.header)}`);
      }
      return;
    case 'BODY':
    case 'BODYSTRUCTURE':
      if (message !== null) {
        const extended = item.kind === 'BODYSTRUCTURE';
        writer.text(`${item.kind} ${encodeStructure(message.raw, message.structure.root, extended)}`);
      }
      return;
    case 'FLAGS':
      writer.text(`FLAGS ${list(fetched.flags)}`);
      return;
    case 'UID':
      writer.text(`UID ${placement.uid}`);
      return;
    case 'INTERNALDATE':
      writer.text(`INTERNALDATE ${dateTime(placement.receivedAt)}`);
      return;
    case 'SAVEDATE':
      writer.text(`SAVEDATE ${dateTime(placement.savedAt)}`);
      return;
    case 'RFC822.SIZE':
      writer.text(`RFC822.SIZE ${placement.size}`);
      return;
    case 'MODSEQ':
      writer.text(`MODSEQ (${placement.modseq})`);
      return;
    case 'EMAILID':
      writer.text(`EMAILID (${placement.message})`);
      return;
    case 'THREADID':
      writer.text('THREADID NIL');
      return;
    case 'PREVIEW':
      writer.text(`PREVIEW ${string(fetched.summary?.preview ?? '')}`);
  }
}

type OctetItem = Extract<FetchItem, { kind: 'section' | 'binary' | 'binary-size' }>;

function writeOctets(writer: ResponseWriter, item: OctetItem, message: LoadedMessage): void {
  if (item.kind === 'section') {
    const octets = sectionOctets(message.raw, item.section, () => message.structure);
    writeLiteral(writer, partialLabel(item), octets === null ? null : applyPartial(octets, item.partial));
    return;
  }
  const octets = decodeBinary(message, item.section);
  if (item.kind === 'binary-size') {
    writer.text(`${item.label} ${octets?.length ?? 0}`);
    return;
  }
  const shown = octets === null ? null : applyPartial(octets, item.partial);
  writeLiteral(writer, partialLabel(item), shown, shown?.includes(0) === true);
}

function partialLabel({ label, partial }: Exclude<OctetItem, { kind: 'binary-size' }>): string {
  return partial === null ? label : `${label}<${partial.origin}>`;
}

/** @param binary as literal8, which may hold NUL */
function writeLiteral(writer: ResponseWriter, label: string, octets: Buffer | null, binary = false): void {
  if (octets === null) {
    writer.text(`${label} NIL`);
    return;
  }
  writer.text(`${label} ${binary ? '~' : ''}{${octets.length}}\r\n`);
  writer.octets(octets);
}
