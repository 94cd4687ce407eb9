/**
 * Finds the place of an attribute's value in the HTML source; the parser reports only the places of elements.
 */
import { openingTag, type Element } from './html.ts';

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g;

/**
 * Returns the index in `text` of the first character of the attribute's value and the index after its last
 * character; `null` for a tag without that attribute.
 */
export function attributePlace(
  element: Element,
  text: string,
  name: string,
): readonly [start: number, end: number] | null {
  const [start, end] = openingTag(element, text);
  const tag = text.slice(start, end);
  ATTRIBUTE.lastIndex = 1 + element.name.length;
  for (let match = ATTRIBUTE.exec(tag); match !== null; match = ATTRIBUTE.exec(tag)) {
    if (match[1]?.toLowerCase() !== name) continue;
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const quote = match[2] !== undefined || match[3] !== undefined ? 1 : 0;
    const from = start + match.index + match[0].length - value.length - quote;
    return [from, from + value.length];
  }
  return null;
}
