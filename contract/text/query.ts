/** Values in the query language. */

const NEEDS_QUOTES = /[\s()"\\]/;

/** A value in quotes. */
export const quoteValue = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** A value as it follows `field:`, in quotes if the query language would split it otherwise. */
export const printValue = (value: string): string => (NEEDS_QUOTES.test(value) ? quoteValue(value) : value);
