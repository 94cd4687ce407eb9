/** Sizes of text in CSS pixels. */

const KEYWORDS: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
  'xxx-large': 48,
};
/** What `<font size>` from 1 to 7 is. */
const FONT_SIZES = [10, 13, 16, 18, 24, 32, 48];
/** Pixels of the absolute units. */
const UNITS: Readonly<Record<string, number>> = {
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
};
const ROOT = 16;

/** A `font-size`; one that cannot be known is taken to be the parent's. */
export function fontSizeOf(value: string, parent: number): number {
  const keyword = KEYWORDS[value];
  if (keyword !== undefined) return keyword;
  if (value === 'smaller') return parent / 1.2;
  if (value === 'larger') return parent * 1.2;
  const match = /^([\d.]+)(px|pt|pc|in|cm|mm|em|rem|%)?$/.exec(value);
  const number = Number(match?.[1] ?? NaN);
  const unit = match?.[2] ?? '';
  if (Number.isNaN(number) || (unit === '' && number !== 0)) return parent;
  if (unit === 'em') return number * parent;
  if (unit === '%') return (number / 100) * parent;
  return number * (unit === 'rem' ? ROOT : (UNITS[unit] ?? 1));
}

/** The size within a `font` shorthand. */
export const sizeInShorthand = (value: string): string | undefined =>
  /(?:^|\s)([\d.]+(?:px|pt|pc|in|cm|mm|r?em|%)|(?:xx?-)?(?:small|large)|medium|smaller|larger)(?=[\s/])/.exec(
    value,
  )?.[1];

/** `<font size>`: 1 to 7, or relative to 3. */
export function fontSizeAttribute(value: string | undefined): number | undefined {
  const number = Number(value);
  if (value === undefined || !Number.isInteger(number)) return undefined;
  const step = /^[+-]/.test(value.trim()) ? 3 + number : number;
  return FONT_SIZES[Math.min(7, Math.max(1, step)) - 1];
}
