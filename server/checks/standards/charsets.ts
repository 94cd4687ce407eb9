/**
 * The standards rules about the character sets of text parts: they must be declared, known, and used for the
 * text (RFC 2046 §4.1.2).
 */
import { isAscii } from 'node:buffer';
import { isKnownCharset, isUtf8Text } from '../../message/charset/index.ts';
import { decodePart, partNumber, partsOf } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { MimePart } from '../../message/structure.ts';
import { MAX_READ, type CheckedMessage } from '../checked-message.ts';
import { elementsOf } from '../html.ts';
import { find } from './catalogue.ts';

const plain = (label: string): string => label.toLowerCase().replace(/[^a-z0-9]/g, '');

function* partFindings(message: CheckedMessage, part: MimePart): Generator<Finding> {
  const charset = part.parameters['charset'];
  const where = message.placeOfPart(part);
  const number = partNumber(part);
  if (charset !== undefined && !isKnownCharset(charset)) {
    yield find('unknown-charset', where, {
      message: `Part ${number} has the unknown character set “${charset.slice(0, 40)}”`,
    });
    return;
  }
  const bytes = decodePart(message.raw, part, MAX_READ);
  if (isAscii(bytes)) return;
  if (charset === undefined) {
    yield find('missing-charset', where, {
      message: `Part ${number} has characters beyond ASCII but declares no character set`,
    });
    return;
  }
  const name = plain(charset);
  const wrong =
    name === 'usascii' ||
    name === 'ascii' ||
    (name === 'utf8' && !isUtf8Text(bytes, part.bodyEnd - part.bodyStart > MAX_READ));
  if (wrong)
    yield find('charset-mismatch', where, {
      message: `Part ${number} is not encoded in ${charset}, which it declares`,
    });
}

/**
 * Returns the character set that `<meta charset>` or its older form declares; `null` if the HTML declares
 * none.
 */
function metaCharset(body: CheckedMessage['htmls'][number]): string | null {
  for (const { name, attribs } of elementsOf(body.document)) {
    if (name === 'body') return null;
    if (name !== 'meta') continue;
    const stated = attribs['charset'] ?? /charset=["']?([\w-]+)/i.exec(attribs['content'] ?? '')?.[1];
    if (stated !== undefined) return stated;
  }
  return null;
}

export function* charsetFindings(message: CheckedMessage): Generator<Finding> {
  for (const part of partsOf(message.structure.root)) {
    if (part.type === 'text') yield* partFindings(message, part);
  }
  for (const body of message.htmls) {
    const meta = metaCharset(body);
    const said = body.part.parameters['charset'] ?? 'us-ascii';
    if (meta !== null && plain(meta) !== plain(said) && !/ascii/i.test(said)) {
      yield find('meta-charset-differs', message.placeOfPart(body.part), {
        message: `The HTML declares ${meta.slice(0, 40)}, but its part declares ${said}`,
      });
    }
  }
}
