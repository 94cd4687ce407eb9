/**
 * Builds the searchable text of a message: all text parts decoded, HTML without tags, and the names of
 * attachments. Nested messages are included. The function is synchronous, and the amount of text is limited;
 * a search does not find text beyond the limit.
 */
import { htmlToText } from './html-text.ts';
import { partsOf } from './part.ts';
import { readTextPart } from './text-part.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/**
 * Maximum number of octets of text parts that are read from one message: ten times the amount that mail
 * programs show at once.
 */
const MAX_SEARCHED = 2_000_000;

/** Subtypes of text that contain HTML; their tags are removed. */
const MARKUP = new Set(['html', 'x-amp-html', 'watch-html']);

/** Returns all parts of a message, including uuencoded files in text parts and the parts of nested messages. */
function* allParts(part: MimePart): Generator<MimePart> {
  for (const one of partsOf(part)) {
    yield one;
    yield* one.files;
    if (one.message !== null) yield* allParts(one.message);
  }
}

/** Returns the file names of all parts that have a name, in the order of the message. */
export function filenames(structure: MessageStructure): readonly string[] {
  return [...allParts(structure.root)].flatMap((part) => (part.filename === null ? [] : [part.filename]));
}

/** Returns the searchable text of a message. The texts of its parts are separated by line feeds. */
export function searchText(raw: Buffer, structure: MessageStructure): string {
  const pieces: string[] = [];
  let left = MAX_SEARCHED;
  for (const part of allParts(structure.root)) {
    if (part.filename !== null) pieces.push(part.filename);
    if (part.type !== 'text' || left <= 0) continue;
    const text = readTextPart(raw, part, left);
    left -= part.bodyEnd - part.bodyStart;
    pieces.push(MARKUP.has(part.subtype) ? htmlToText(text) : text);
  }
  return pieces.join('\n');
}
