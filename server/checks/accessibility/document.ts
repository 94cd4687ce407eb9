/** The accessibility rules about the document as a whole: its language, its direction and its title. */
import type { Finding } from '../../message/finding.ts';
import { visibleText } from '../html.ts';
import type { Page } from './page.ts';

/** The number of characters that are read to determine the writing direction of a text. */
const SAMPLE = 5_000;
const RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function isLanguageTag(tag: string): boolean {
  try {
    return /^[a-z]{2,3}(-|$)/i.test(tag) && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function* language({ elements, find }: Page): Generator<Finding> {
  const root = elements.find(({ name }) => name === 'html') ?? null;
  const roots = elements.filter(({ name }) => name === 'html' || name === 'body');
  // Mail clients remove the elements html and body, so a language declared on an element around the content
  // is accepted too.
  const said = elements.some(
    ({ attribs }) => attribs['lang'] !== undefined || attribs['xml:lang'] !== undefined,
  );
  const onRoot = roots.some(({ attribs }) => (attribs['lang'] ?? attribs['xml:lang'] ?? '').trim() !== '');
  if (!onRoot && (root !== null || !said)) yield find('missing-lang', root);
  for (const element of elements) {
    const tag = element.attribs['lang']?.trim() ?? '';
    if (tag === '' || isLanguageTag(tag)) continue;
    yield find('invalid-lang', element, {
      message: `The language “${tag.slice(0, 40)}” is not a valid language tag`,
    });
  }
}

function* direction({ body, elements, find }: Page): Generator<Finding> {
  const sample = visibleText(body.document).slice(0, SAMPLE);
  const fromRight = count(sample, RTL);
  if (fromRight < 20 || fromRight < count(sample, /\p{L}/gu) / 2) return;
  const said = elements.some(
    ({ attribs }) =>
      /^(rtl|auto)$/i.test(attribs['dir'] ?? '') || /direction\s*:\s*rtl/i.test(attribs['style'] ?? ''),
  );
  if (!said)
    yield find('missing-dir', elements.find(({ name }) => name === 'html' || name === 'body') ?? null);
}

function* title({ elements, find }: Page): Generator<Finding> {
  const head = elements.find(({ name }) => name === 'head');
  const root = elements.find(({ name }) => name === 'html');
  if (head === undefined && root === undefined) return;
  const titles = elements.filter(({ name, parent }) => name === 'title' && !isWithinSvg(parent));
  const texts = titles.flatMap(({ children }) => children.map((node) => ('data' in node ? node.data : '')));
  if (texts.join('').trim() === '') yield find('missing-title', titles[0] ?? head ?? root ?? null);
}

const isWithinSvg = (parent: unknown): boolean =>
  typeof parent === 'object' && parent !== null && 'name' in parent && parent.name === 'svg';

export function* documentFindings(page: Page): Generator<Finding> {
  yield* language(page);
  yield* direction(page);
  yield* title(page);
}
