/**
 * Sections of a message (RFC 9051 §6.4.5.1), for example `BODY[1.2.HEADER]`: their grammar, and the octets that
 * they refer to.
 */
import { partAt } from '../../message/part.ts';
import type { MessageStructure } from '../../message/structure.ts';
import { astring, list } from '../wire/encoder.ts';
import { decodeText, type Decoder } from '../wire/decoder.ts';
import { headerEnd, headerFields } from './header-block.ts';

type SectionText = 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';

export interface Section {
  /** Part numbers, outermost part first; empty for the message itself. */
  readonly part: readonly number[];
  /**
   * The element of the part that the section names, such as `HEADER`; `null` for the body of the part, or for
   * the whole message.
   */
  readonly text: SectionText | null;
  /** Field names for `HEADER.FIELDS` and `HEADER.FIELDS.NOT`, as the client sent them. */
  readonly fields: readonly string[];
}

/** The range `<origin.count>` of octets that a client requests. */
export interface OctetRange {
  readonly origin: number;
  readonly count: number;
}

/** Maximum number of levels of a part number: more than any parsed structure has. */
const MAX_PART_DEPTH = 100;
const EMPTY = Buffer.alloc(0);
const CRLF = Buffer.from('\r\n');

/** Parses a `section`, including its brackets. */
export function parseSection(decoder: Decoder): Section {
  decoder.expect('[');
  const section = parseSectionSpec(decoder);
  decoder.expect(']');
  return section;
}

/** Parses a `section-spec`, which may be empty. */
export function parseSectionSpec(decoder: Decoder): Section {
  if (decoder.peek(']') || decoder.done) return { part: [], text: null, fields: [] };
  const spec = decoder.itemName('a section');
  const match = /^((?:\d{1,10}\.)*)(?:(\d{1,10})|(HEADER(?:\.FIELDS(?:\.NOT)?)?|TEXT|MIME))$/.exec(spec);
  if (match === null) return decoder.fail('a section');
  if (/(?:^|\.)0/.test(spec)) decoder.deviate('section');
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

/** Parses a `section-binary`, which consists only of part numbers. */
export function parseBinarySection(decoder: Decoder): Section {
  const section = parseSection(decoder);
  if (section.text !== null) decoder.fail('part numbers only');
  return section;
}

export function parsePartial(decoder: Decoder): OctetRange | null {
  if (!decoder.accept('<')) return null;
  const origin = decoder.number64('an octet offset');
  const open = !decoder.accept('.');
  const count = open ? Number.MAX_SAFE_INTEGER : decoder.number64('a number of octets');
  if (open || count === 0) decoder.deviate('section');
  decoder.expect('>');
  return { origin, count };
}

/** Returns the name of the section for the response, including its brackets. */
export function sectionLabel({ part, text, fields }: Section): string {
  const names = fields.length === 0 ? '' : ` ${list(fields.map(astring))}`;
  return `[${[...part.map(String), ...(text === null ? [] : [text])].join('.')}${names}]`;
}

/** A range of octets in a message: the offsets `start` and `end` (exclusive). */
export interface OctetSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the section contains only some fields of a header, which means that the other fields must be removed
 * from its octets.
 */
export const isFiltered = ({ text }: Section): boolean =>
  text === 'HEADER.FIELDS' || text === 'HEADER.FIELDS.NOT';

/** Whether the MIME structure of the message is needed to find the octets of the section. */
export const needsStructure = ({ part }: Section): boolean => part.length > 0;

/** The data of a message that is needed to find the octets of a section. */
interface SectionWorld {
  /** Size of the message in octets. */
  readonly size: number;
  /** Size of the message's header in octets, including the empty line. */
  readonly headerLength: number;
  /** MIME structure of the message; `null` if `needsStructure` returns false. */
  readonly structure: MessageStructure | null;
}

/**
 * Returns the range of octets that contains a section; `null` if the message has no such part. For `HEADER.FIELDS`
 * and `HEADER.FIELDS.NOT`, the range is the whole header.
 */
export function sectionSpan(section: Section, world: SectionWorld): OctetSpan | null {
  const { size, headerLength, structure } = world;
  if (structure === null || !needsStructure(section)) {
    if (section.text === null) return { start: 0, end: size };
    return section.text === 'TEXT' ? { start: headerLength, end: size } : { start: 0, end: headerLength };
  }
  const part = partAt(structure, section.part.join('.'));
  if (part === undefined) return null;
  if (section.text === null) return { start: part.bodyStart, end: part.bodyEnd };
  if (section.text === 'MIME') return { start: part.headerStart, end: part.bodyStart };
  const { message } = part;
  if (message === null) return null;
  return section.text === 'TEXT'
    ? { start: message.bodyStart, end: message.bodyEnd }
    : { start: message.headerStart, end: message.bodyStart };
}

/**
 * Returns the octets of a section; `null` if the message has no such part.
 *
 * @param structure returns the MIME structure of the message; called only if the section has part numbers, or if
 * the header has no end
 */
export function sectionOctets(
  raw: Buffer,
  section: Section,
  structure: () => MessageStructure,
): Buffer | null {
  const span = sectionSpan(section, {
    size: raw.length,
    headerLength: section.text === null ? 0 : (headerEnd(raw) ?? structure().root.bodyStart),
    structure: needsStructure(section) ? structure() : null,
  });
  if (span === null) return null;
  const octets = raw.subarray(span.start, span.end);
  return isFiltered(section) ? filteredHeader(octets, section) : octets;
}

export function applyPartial(octets: Buffer, partial: OctetRange | null): Buffer {
  const { start, end } = partialSpan({ start: 0, end: octets.length }, partial);
  return octets.subarray(start, end);
}

/** Returns the part of a section's octets that is within the range that the client requested. */
export function partialSpan({ start, end }: OctetSpan, partial: OctetRange | null): OctetSpan {
  if (partial === null) return { start, end };
  const from = Math.min(start + partial.origin, end);
  return { start: from, end: Math.min(from + partial.count, end) };
}

/**
 * Returns the header with only those fields that the section names (`HEADER.FIELDS`), or with all other fields
 * (`HEADER.FIELDS.NOT`).
 */
export function filteredHeader(block: Buffer, { text, fields }: Section): Buffer {
  const wanted = new Set(fields.map((name) => name.toLowerCase()));
  const negated = text === 'HEADER.FIELDS.NOT';
  const chosen = headerFields(block).filter(({ name }) => wanted.has(name) !== negated);
  const octets = chosen.map(({ start, end }) => block.subarray(start, end));
  const last = octets.at(-1) ?? EMPTY;
  const open = last.length > 0 && last[last.length - 1] !== 0x0a;
  return Buffer.concat([...octets, ...(open ? [CRLF] : []), CRLF]);
}
