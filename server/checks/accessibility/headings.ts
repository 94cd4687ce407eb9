/** The accessibility rules about headings, and about a visual order that differs from the reading order. */
import type { Finding } from '../../message/finding.ts';
import { visibleText, type Element } from '../html.ts';
import { isAriaHidden, roleOf, spokenName, type Page } from './page.ts';

/** The length of a text in characters above which it needs headings. */
const LONG = 2_000;

function levelOf(element: Element): number | null {
  if (roleOf(element) === 'heading') return Number(element.attribs['aria-level'] ?? 2);
  return roleOf(element) === '' && /^h[1-6]$/.test(element.name) ? Number(element.name[1]) : null;
}

function* headings({ body, elements, find }: Page): Generator<Finding> {
  let before: number | null = null;
  for (const element of elements) {
    const level = levelOf(element);
    if (level === null || isAriaHidden(element)) continue;
    if (spokenName(element) === '') {
      yield find('empty-heading', element);
      continue;
    }
    if (before !== null && level > before + 1) {
      yield find('skipped-heading', element, {
        message: `A heading of level ${level} follows one of level ${before}`,
      });
    }
    before = level;
  }
  if (before === null && visibleText(body.document).length > LONG) yield find('no-heading', null);
}

const REORDERED = /(?:^|[;\s])(?:flex-direction\s*:\s*(?:row|column)-reverse|(?:-\w+-)?order\s*:\s*-?[1-9])/i;
const LTR = /\p{Script=Latin}/u;

/**
 * Finds content whose visual order differs from the reading order: tables whose columns are reversed with
 * dir="rtl" although the text runs from left to right, and reordered flex items.
 */
function* order({ elements, find }: Page): Generator<Finding> {
  for (const element of elements) {
    const { attribs, name } = element;
    const reordered = REORDERED.test(attribs['style'] ?? '');
    const turned =
      name === 'table' && attribs['dir']?.toLowerCase() === 'rtl' && LTR.test(spokenName(element));
    if (reordered || turned) yield find('reading-order', element);
  }
}

export function* headingFindings(page: Page): Generator<Finding> {
  yield* headings(page);
  yield* order(page);
}
