/** BINARY (RFC 3516): a part's content with its transfer encoding undone. */
import { decodePart, partAt } from '../message/part.ts';
import type { LoadedMessage } from './message-cache.ts';
import { no } from './response.ts';
import type { Section } from './section.ts';

const ENCODINGS = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'];

/**
 * The content; `null` when the message has no such part.
 *
 * @throws Status NO [UNKNOWN-CTE] for an encoding that nobody knows
 */
export function decodeBinary(message: LoadedMessage, section: Section): Buffer | null {
  if (section.part.length === 0) return message.raw;
  const part = partAt(message.structure, section.part.join('.'));
  if (part === undefined) return null;
  if (part.type === 'multipart') return message.raw.subarray(part.bodyStart, part.bodyEnd);
  if (!ENCODINGS.includes(part.encoding)) throw no('UNKNOWN-CTE', `${part.encoding} cannot be decoded`);
  return decodePart(message.raw, part);
}
