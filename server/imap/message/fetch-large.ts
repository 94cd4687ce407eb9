/**
 * Encodes FETCH data items of a large message. Only the required bytes are read, and at most one slice of them
 * is held in memory.
 */
import type { MessageStructure } from '../../message/structure.ts';
import { decodeBinary } from './binary.ts';
import { encodeEnvelope } from './envelope.ts';
import type { FetchItem } from './fetch-item.ts';
import {
  lateLiteral,
  noSuchPart,
  sectionLiteral,
  withoutNul,
  type EncodedItem,
  type OctetItem,
} from './fetch-response.ts';
import type { LargeMessage } from './large-message.ts';
import { filteredHeader, isFiltered, needsStructure, partialSpan, sectionSpan } from './section.ts';
import { encodeStructure } from './structure.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Encodes one FETCH data item of a large message. Returns `undefined` if the message is expunged.
 *
 * @throws Status NO for content that cannot be decoded
 */
export async function encodeLargeItem(
  item: FetchItem,
  message: LargeMessage,
): Promise<EncodedItem | undefined> {
  if (item.kind === 'section') return section(item, message);
  if (item.kind === 'binary' || item.kind === 'binary-size') return binary(item, message);
  if (item.kind === 'BODY' || item.kind === 'BODYSTRUCTURE') {
    const extended = item.kind === 'BODYSTRUCTURE';
    return message.whole((raw, { root }) => [`${item.kind} ${encodeStructure(raw, root, extended)}`]);
  }
  const header = await message.header();
  return header && [`ENVELOPE ${encodeEnvelope(header)}`];
}

async function section(
  item: OctetItem & { kind: 'section' },
  message: LargeMessage,
): Promise<EncodedItem | undefined> {
  // The header is read even if no item needs it: this detects an expunged message before the size of a literal is
  // sent.
  const header = await message.header();
  const structure = needsStructure(item.section) ? await message.structure() : null;
  if (header === undefined || structure === undefined) return undefined;
  const span = sectionSpan(item.section, { size: message.size, headerLength: header.length, structure });
  if (span === null) return noSuchPart(item);
  if (isFiltered(item.section)) {
    const block = await message.range(span).read(0, span.end - span.start);
    return block && sectionLiteral(item, filteredHeader(block, item.section));
  }
  const octets = message.range(partialSpan(span, item.partial));
  const read = async (start: number, end: number): Promise<Buffer | undefined> => {
    const slice = await octets.read(start, end);
    return slice && withoutNul(slice);
  };
  return lateLiteral(item, { ...octets, read }, false);
}

/**
 * Returns the decoded content of a part. The part is decoded again for every slice that is sent to a slow
 * client.
 */
async function binary(
  item: OctetItem & { kind: 'binary' | 'binary-size' },
  message: LargeMessage,
): Promise<EncodedItem | undefined> {
  const decode = (raw: Buffer, structure: MessageStructure): Buffer | null =>
    decodeBinary(raw, item.section, () => structure);
  const facts = await message.whole((raw, structure) => {
    const content = decode(raw, structure);
    return content === null ? null : { length: content.length, hasNul: content.includes(0) };
  });
  if (facts === undefined) return undefined;
  if (item.kind === 'binary-size') return [`${item.label} ${facts?.length ?? 0}`];
  if (facts === null) return noSuchPart(item);
  const span = partialSpan({ start: 0, end: facts.length }, item.partial);
  const octets = message.derived(span, (raw, structure) => decode(raw, structure) ?? NOTHING);
  return lateLiteral(item, octets, facts.hasNul);
}
