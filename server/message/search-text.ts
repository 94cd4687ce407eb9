/**
 * The text of a message that a search looks through: every text part decoded, HTML without its tags, the names of
 * attachments, and the same of messages inside. Synchronous and bounded; text beyond the bound is not found.
 */
import { htmlToText } from './html-text.ts';
import { partsOf } from './part.ts';
import { readTextPart } from './text-part.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/** Octets of text parts read of one message, in their order: ten times what mail programs show at once. */
const MAX_SEARCHED = 2_000_000;

/** Subtypes of text that carry words for people. */
const MARKUP = new Set(['html', 'x-amp-html', 'watch-html']);

/** Every part, the files in texts and the parts of messages inside included. */
function* allParts(part: MimePart): Generator<MimePart> {
  for (const one of partsOf(part)) {
    yield one;
    yield* one.files;
    if (one.message !== null) yield* allParts(one.message);
  }
}

/** File names of all parts that have one, in order. */
export function filenames(structure: MessageStructure): readonly string[] {
  return [...allParts(structure.root)].flatMap((part) => (part.filename === null ? [] : [part.filename]));
}

/** The searchable text of a message; pieces are set apart by line feeds. */
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
