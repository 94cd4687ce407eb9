/** Encodes values in DER (X.690); implements only the types that certificates use. */

const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function length(octets: number): Buffer {
  if (octets < 0x80) return Buffer.from([octets]);
  const digits = octets.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => tagged(TAGS.sequence, ...contents);
export const set = (...contents: readonly Buffer[]): Buffer => tagged(TAGS.set, ...contents);
export const octetString = (content: Buffer): Buffer => tagged(TAGS.octetString, content);
export const boolean = (value: boolean): Buffer => tagged(TAGS.boolean, Buffer.from([value ? 0xff : 0]));
export const utf8String = (text: string): Buffer => tagged(TAGS.utf8String, Buffer.from(text, 'utf8'));

/** Encodes an unsigned integer that is given in big-endian octets. */
export function integer(value: Buffer): Buffer {
  const first = value.findIndex((octet) => octet !== 0);
  const digits = first === -1 ? Buffer.from([0]) : value.subarray(first);
  return tagged(TAGS.integer, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** Encodes a bit string. @param unused number of unused bits at the end of the last octet */
export const bitString = (content: Buffer, unused = 0): Buffer =>
  tagged(TAGS.bitString, Buffer.from([unused]), content);

/** Encodes an object identifier that is given as dotted text, such as `1.2.840.10045.4.3.2`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return tagged(TAGS.oid, Buffer.from(bytes));
}

/** Encodes a time: as UTCTime until 2049, as GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? tagged(TAGS.utcTime, Buffer.from(digits.slice(2)))
    : tagged(TAGS.generalizedTime, Buffer.from(digits));
}
