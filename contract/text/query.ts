/** Formats values for the search query language. */

const NEEDS_QUOTES = /[\s()"\\]/;

/** Returns a value in quotes; quotes and backslashes in the value are escaped. */
export const quoteValue = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/**
 * Returns a value in the form that follows `field:` in a query; it is put in quotes if the query language
 * would otherwise split it.
 */
export const printValue = (value: string): string => (NEEDS_QUOTES.test(value) ? quoteValue(value) : value);
