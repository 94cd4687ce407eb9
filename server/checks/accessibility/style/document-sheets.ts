/** Reads the style sheets of a document. */
import type { Element } from '../../html.ts';
import { SheetReader } from './sheet.ts';

/** Returns the rules of all `style` elements in the list. */
export function sheetsOf(elements: readonly Element[]): SheetReader {
  const sheets = new SheetReader();
  for (const { name, attribs, children } of elements) {
    const [text] = children;
    const media = attribs['media']?.trim().toLowerCase() ?? '';
    if (name !== 'style' || text === undefined || !('data' in text)) continue;
    sheets.read(media === '' || media === 'all' ? text.data : `@media ${media}{${text.data}}`);
  }
  return sheets;
}
