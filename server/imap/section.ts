/** Sections of a message (RFC 9051 §6.4.5.1): their grammar, and the octets they name. */
import { partAt } from '../message/part.ts';
import type { MessageStructure } from '../message/structure.ts';
import { astring, list } from './encoder.ts';
import { decodeText, type Decoder } from './decoder.ts';
import { headerEnd, headerFields } from './header-block.ts';

export type SectionText = 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';

export interface Section {
  /** Part numbers from the outside in; empty for the message itself. */
  readonly part: readonly number[];
  /** What of the part; `null` for its body, or for the whole message. */
  readonly text: SectionText | null;
  /** Names for `HEADER.FIELDS` and `HEADER.FIELDS.NOT`, as sent. */
  readonly fields: readonly string[];
}

/** `<origin.count>`, octets. */
export interface OctetRange {
  readonly origin: number;
  readonly count: number;
}

/** Deepest part number: deeper than any structure that is parsed. */
const MAX_PART_DEPTH = 100;
const EMPTY = Buffer.alloc(0);
const CRLF = Buffer.from('\r\n');

/** `section`, brackets included. */
export function parseSection(decoder: Decoder): Section {
  decoder.expect('[');
  const section = parseSectionSpec(decoder);
  decoder.expect(']');
  return section;
}

/** `section-spec`, possibly empty. */
export function parseSectionSpec(decoder: Decoder): Section {
  if (decoder.peek(']') || decoder.done) return { part: [], text: null, fields: [] };
  const spec = decoder.itemName('a section');
  const match = /^((?:[1-9]\d{0,9}\.)*)(?:([1-9]\d{0,9})|(HEADER(?:\.FIELDS(?:\.NOT)?)?|TEXT|MIME))$/.exec(
    spec,
  );
  if (match === null) return decoder.fail('a section');
  const numbers = `${match[1] ?? ''}${match[2] ?? ''}`.split('.').filter((digits) => digits !== '');
  const part = numbers.map(Number);
  const text = (match[3] ?? null) as SectionText | null;
  if (part.length > MAX_PART_DEPTH) decoder.fail('fewer part numbers');
  if (text === 'MIME' && part.length === 0) decoder.fail('a part number before MIME');
  if (text === 'HEADER.FIELDS' || text === 'HEADER.FIELDS.NOT') {
    decoder.sp();
    return { part, text, fields: decoder.list(() => decodeText(decoder.astring())) };
  }
  return { part, text, fields: [] };
}

/** `section-binary`: part numbers alone. */
export function parseBinarySection(decoder: Decoder): Section {
  const section = parseSection(decoder);
  if (section.text !== null) decoder.fail('part numbers only');
  return section;
}

export function parsePartial(decoder: Decoder): OctetRange | null {
  if (!decoder.accept('<')) return null;
  const origin = decoder.number64('an octet offset');
  decoder.expect('.');
  const count = decoder.number64('a number of octets');
  if (count === 0) decoder.fail('a number of octets above 0');
  decoder.expect('>');
  return { origin, count };
}

/** The section as the response names it, brackets included. */
export function sectionLabel({ part, text, fields }: Section): string {
  const names = fields.length === 0 ? '' : ` ${list(fields.map(astring))}`;
  return `[${[...part.map(String), ...(text === null ? [] : [text])].join('.')}${names}]`;
}

/**
 * The octets of a section; `null` when the message has no such part.
 *
 * @param structure asked for only if the section has part numbers, or the header no end
 */
export function sectionOctets(
  raw: Buffer,
  section: Section,
  structure: () => MessageStructure,
): Buffer | null {
  if (section.part.length === 0) {
    if (section.text === null) return raw;
    const end = headerEnd(raw) ?? structure().root.bodyStart;
    return section.text === 'TEXT' ? raw.subarray(end) : header(raw.subarray(0, end), section);
  }
  const part = partAt(structure(), section.part.join('.'));
  if (part === undefined) return null;
  if (section.text === null) return raw.subarray(part.bodyStart, part.bodyEnd);
  if (section.text === 'MIME') return raw.subarray(part.headerStart, part.bodyStart);
  const { message } = part;
  if (message === null) return null;
  return section.text === 'TEXT'
    ? raw.subarray(message.bodyStart, message.bodyEnd)
    : header(raw.subarray(message.headerStart, message.bodyStart), section);
}

export function applyPartial(octets: Buffer, partial: OctetRange | null): Buffer {
  if (partial === null) return octets;
  return octets.subarray(Math.min(partial.origin, octets.length), partial.origin + partial.count);
}

function header(block: Buffer, { text, fields }: Section): Buffer {
  if (text === 'HEADER') return block;
  const wanted = new Set(fields.map((name) => name.toLowerCase()));
  const negated = text === 'HEADER.FIELDS.NOT';
  const chosen = headerFields(block).filter(({ name }) => wanted.has(name) !== negated);
  const octets = chosen.map(({ start, end }) => block.subarray(start, end));
  const last = octets.at(-1) ?? EMPTY;
  const open = last.length > 0 && last[last.length - 1] !== 0x0a;
  return Buffer.concat([...octets, ...(open ? [CRLF] : []), CRLF]);
}
