/**
 * The accessibility rules about the presentation of text: contrast in light and dark mode, size, capitals and
 * justification.
 */
import type { Finding } from '../../message/finding.ts';
import { cutShort } from '../cut-short.ts';
import type { Element } from '../html.ts';
import type { Page } from './page.ts';
import { Cascade } from './style/cascade.ts';
import { contrast, hex, type Color } from './style/color.ts';
import { styledTexts, type StyledText, type TextStyle } from './style/computed.ts';
import { sheetsOf } from './style/document-sheets.ts';
import type { Scheme, SheetReader } from './style/sheet.ts';

/** The minimum font size of large text in CSS pixels: 18 pt (WCAG 2.2, 1.4.3). */
const LARGE = 24;
/** The minimum font size of large bold text in CSS pixels: 14 pt (WCAG 2.2, 1.4.3). */
const LARGE_BOLD = 18.66;
/** The minimum contrast ratio of normal text (WCAG 2.2, 1.4.3). */
const WANTED = 4.5;
/** The minimum contrast ratio of large text (WCAG 2.2, 1.4.3). */
const WANTED_LARGE = 3;
/** The contrast ratio below which text is unreadable, which makes the finding an error. */
const UNREADABLE = 2;
/** The font size in pixels below which text is too small. */
const TINY = 10;
/**
 * The minimum number of capital letters in a text that violates the rule against capitals; a shorter text may
 * be a heading, a button or an abbreviation.
 */
const LONG_CAPITALS = 60;
/** The minimum length of a justified text in characters; shorter texts have no noticeable gaps. */
const LONG_JUSTIFIED = 100;

/**
 * Whether the document declares support for the dark colour scheme. For such a document, browsers draw a dark
 * default background.
 */
function declaresDark({ elements }: Page, sheets: SheetReader): boolean {
  const inMeta = elements.some(
    ({ name, attribs }) =>
      name === 'meta' &&
      attribs['name']?.toLowerCase() === 'color-scheme' &&
      /\bdark\b/i.test(attribs['content'] ?? ''),
  );
  const inSheet = sheets.rules.some(
    ({ key, declarations }) =>
      /^(\*|html)$/.test(key) &&
      declarations.some(({ property, value }) => property === 'color-scheme' && /\bdark\b/.test(value)),
  );
  return inMeta || inSheet;
}

interface Poor {
  readonly element: Element;
  readonly ratio: number;
  readonly wanted: number;
  readonly color: Color;
  readonly backdrop: Color;
  count: number;
}

function poorContrast({ element, style }: StyledText): Poor | null {
  const { color, backdrop, size, bold } = style;
  if (color === null || backdrop === null) return null;
  const wanted = size >= LARGE || (bold && size >= LARGE_BOLD) ? WANTED_LARGE : WANTED;
  const ratio = contrast(color, backdrop);
  return ratio >= wanted ? null : { element, ratio, wanted, color, backdrop, count: 1 };
}

/**
 * Yields one finding for each pair of text and background colours with too little contrast, at the first
 * place where the pair is used.
 */
function* contrastFindings(page: Page, texts: Iterable<StyledText>, scheme: Scheme): Generator<Finding> {
  const pairs = new Map<string, Poor>();
  for (const text of texts) {
    const poor = text.style.hidden || !/[\p{L}\p{N}]/u.test(text.text) ? null : poorContrast(text);
    if (poor === null) continue;
    const pair = [hex(poor.color), hex(poor.backdrop), poor.wanted].join(' ');
    const known = pairs.get(pair);
    if (known === undefined) pairs.set(pair, poor);
    else known.count++;
  }
  for (const { element, ratio, wanted, color, backdrop, count } of pairs.values()) {
    const where = count === 1 ? '' : `, ${count} times`;
    const shown = Math.floor(ratio * 10) / 10;
    yield page.find(scheme === 'dark' ? 'low-contrast-dark' : 'low-contrast', element, {
      message: `${hex(color)} on ${hex(backdrop)}${scheme === 'dark' ? ' in dark mode' : ''} has a contrast of ${shown}:1, below the minimum of ${wanted}:1${where}`,
      ...(ratio < UNREADABLE ? { severity: 'error' } : {}),
    });
  }
}

const letters = (text: string): string => text.replace(/[^\p{L}]/gu, '');

function inCapitals({ text, style }: StyledText): boolean {
  const written = letters(text);
  if (written.length < LONG_CAPITALS) return false;
  const upper = written.toUpperCase();
  return (style.transform === 'uppercase' || written === upper) && upper !== written.toLowerCase();
}

const isJustified = ({ text, style }: StyledText): boolean =>
  style.align === 'justify' && text.trim().length >= LONG_JUSTIFIED;

/**
 * Yields one finding for all texts that are too small. It is located at the first of these texts and states
 * their number.
 */
function* tinyFindings(
  page: Page,
  tiny: readonly { element: Element; style: TextStyle }[],
): Generator<Finding> {
  const [first] = tiny;
  if (first === undefined) return;
  const size = Math.round(first.style.size * 10) / 10;
  const where = tiny.length === 1 ? '' : `, and ${tiny.length - 1} more below ${TINY} px`;
  yield page.find('tiny-text', first.element, {
    message: `Text of ${size} px is too small to be read${where}`,
  });
}

export function* textFindings(page: Page): Generator<Finding> {
  const sheets = sheetsOf(page.elements);
  const cascade = new Cascade(sheets);
  const dark = declaresDark(page, sheets);
  const texts = [...styledTexts(page.body.document, cascade, 'light', dark)].filter(
    ({ style }) => !style.hidden,
  );
  yield* contrastFindings(page, texts, 'light');
  if (dark || sheets.rules.some(({ scheme }) => scheme === 'dark')) {
    yield* contrastFindings(page, styledTexts(page.body.document, cascade, 'dark', dark), 'dark');
  }
  yield* tinyFindings(
    page,
    texts.filter(({ text, style }) => style.size < TINY && /[\p{L}\p{N}]/u.test(text)),
  );
  const capitals = texts.find(inCapitals);
  if (capitals !== undefined) yield page.find('all-capitals', capitals.element);
  const justified = texts.find(isJustified);
  if (justified !== undefined) yield page.find('justified-text', justified.element);
  if (cascade.cut)
    yield cutShort(
      'accessibility',
      'There are too many style rules; contrast was computed with the first of them',
    );
}
