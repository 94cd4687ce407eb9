/**
 * Header fields as octets: finds the end of a header and the position of each field. FETCH needs the exact
 * octets of thousands of headers; therefore this module decodes and copies nothing.
 */
import { decodeText } from '../wire/decoder.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const isBlank = (octet: number | undefined): boolean => octet === 0x20 || octet === 0x09;

/** Position of one field in a header; the numbers are offsets into the octets of the header. */
interface FieldPlace {
  /** Name of the field in lower case; empty for a line that is not a field. */
  readonly name: string;
  readonly start: number;
  /** Offset of the octet after the colon. */
  readonly valueStart: number;
  /** Offset after the line ending of the field's last line. */
  readonly end: number;
}

/** Returns the offset after the empty line that ends the header; `null` if there is no empty line. */
export function headerEnd(raw: Buffer): number | null {
  for (let at = 0; at < raw.length;) {
    if (raw[at] === LF) return at + 1;
    if (raw[at] === CR && raw[at + 1] === LF) return at + 2;
    const end = raw.indexOf(LF, at);
    if (end === -1) return null;
    at = end + 1;
  }
  return null;
}

/**
 * Returns the fields of a header in order, including lines that are not fields, without the empty line at the
 * end.
 */
export function headerFields(block: Buffer): FieldPlace[] {
  const fields: FieldPlace[] = [];
  for (let start = 0; start < block.length;) {
    let end = start;
    do {
      const newline = block.indexOf(LF, end);
      end = newline === -1 ? block.length : newline + 1;
    } while (end < block.length && isBlank(block[end]));
    const colon = block.indexOf(COLON, start);
    const text = colon > start && colon < end ? block.toString('latin1', start, colon).trimEnd() : '';
    const isField = text !== '' && !/\s/.test(text);
    if (isField) fields.push({ name: text.toLowerCase(), start, valueStart: colon + 1, end });
    else if (!isEmptyLine(block, start)) fields.push({ name: '', start, valueStart: start, end });
    start = end;
  }
  return fields;
}

function isEmptyLine(block: Buffer, at: number): boolean {
  return block[at] === LF || (block[at] === CR && block[at + 1] === LF);
}

/** Returns the value of a header field as one unfolded line. Encoded words are not decoded. */
export function fieldValue(block: Buffer, field: FieldPlace): string {
  const value = decodeText(block.subarray(field.valueStart, field.end));
  return value
    .replace(/\r?\n(?=[ \t])/g, '')
    .replace(/[\r\n\0]+/g, ' ')
    .trim();
}

/** Returns the value of the first field with the given name (in lower case); `null` if there is none. */
export function firstValue(block: Buffer, fields: readonly FieldPlace[], name: string): string | null {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : fieldValue(block, field);
}
