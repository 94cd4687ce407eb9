/** BINARY (RFC 3516): the content of a part after decoding its Content-Transfer-Encoding. */
import { decodePart, partAt } from '../../message/part.ts';
import type { MessageStructure } from '../../message/structure.ts';
import { no } from '../wire/response.ts';
import type { Section } from './section.ts';

const ENCODINGS = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'];

/**
 * Returns the decoded content of a part; `null` if the message has no such part.
 *
 * @throws Status NO [UNKNOWN-CTE] for an unknown transfer encoding
 */
export function decodeBinary(
  raw: Buffer,
  section: Section,
  structure: () => MessageStructure,
): Buffer | null {
  if (section.part.length === 0) return raw;
  const part = partAt(structure(), section.part.join('.'));
  if (part === undefined) return null;
  if (part.type === 'multipart') return raw.subarray(part.bodyStart, part.bodyEnd);
  if (!ENCODINGS.includes(part.encoding)) throw no('UNKNOWN-CTE', `${part.encoding} cannot be decoded`);
  return decodePart(raw, part);
}
