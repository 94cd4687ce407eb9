/** Converts font sizes to CSS pixels. */

const KEYWORDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'xx-small': 9,
    'x-small': 10,
    small: 13,
    medium: 16,
    large: 18,
    'x-large': 24,
    'xx-large': 32,
    'xxx-large': 48,
  }),
);
/** The font sizes in CSS pixels that correspond to the values 1 to 7 of `<font size>`. */
const FONT_SIZES = [10, 13, 16, 18, 24, 32, 48];
/** The length of each absolute unit in CSS pixels. */
const UNITS: Readonly<Record<string, number>> = {
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
};
const ROOT = 16;

/**
 * Converts a `font-size` value to CSS pixels. Returns `parent`, the font size of the parent element, for an
 * unknown value.
 */
export function fontSizeOf(value: string, parent: number): number {
  const keyword = KEYWORDS.get(value);
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

/** Returns the font size in the value of a `font` shorthand; `undefined` for a value without a size. */
export const sizeInShorthand = (value: string): string | undefined =>
  /(?:^|\s)([\d.]+(?:px|pt|pc|in|cm|mm|r?em|%)|(?:xx?-)?(?:small|large)|medium|smaller|larger)(?=[\s/])/.exec(
    value,
  )?.[1];

/**
 * Converts a `<font size>` attribute, which is 1 to 7 or relative to 3, to CSS pixels; `undefined` for an invalid
 * value.
 */
export function fontSizeAttribute(value: string | undefined): number | undefined {
  const number = Number(value);
  if (value === undefined || !Number.isInteger(number)) return undefined;
  const step = /^[+-]/.test(value.trim()) ? 3 + number : number;
  return FONT_SIZES[Math.min(7, Math.max(1, step)) - 1];
}
