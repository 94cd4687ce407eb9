/**
 * Reads the header fields of a nested message and the groups of fields of a delivery report for display (RFC 5322
 * §2.2, RFC 3464 §2.1).
 */

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Matches an encoded word (RFC 2047 §2) and the white space between it and a following encoded word. */
const ENCODED = /=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi;

function octetsOf(encoding: string, text: string): Uint8Array<ArrayBuffer> {
  const binary =
    encoding.toLowerCase() === 'b'
      ? atob(text)
      : text
          .replaceAll('_', ' ')
          .replaceAll(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** Decodes the encoded words of a header value. A word that cannot be decoded is kept as it is. */
const decodeWords = (value: string): string =>
  value.replaceAll(ENCODED, (whole, charset: string, encoding: string, text: string) => {
    try {
      return new TextDecoder(charset).decode(octetsOf(encoding, text));
    } catch {
      return whole;
    }
  });

function fieldsOfBlock(block: string): readonly Field[] {
  return block
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      if (colon <= 0) return [];
      return [{ name: line.slice(0, colon).trim(), value: decodeWords(line.slice(colon + 1).trim()) }];
    });
}

/** Returns the groups of fields that empty lines separate; a delivery report has one group for each recipient. */
export const fieldGroups = (text: string): readonly (readonly Field[])[] =>
  text
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .map(fieldsOfBlock)
    .filter((group) => group.length > 0);

const SHOWN = ['from', 'to', 'cc', 'date', 'subject'];

/** Returns the fields of a nested message that a reader needs, in the order of the message. */
export const mainFields = (raw: string): readonly Field[] =>
  (fieldGroups(raw)[0] ?? []).filter(({ name }) => SHOWN.includes(name.toLowerCase()));
