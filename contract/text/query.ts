/** Formats values for the query language. */

const NEEDS_QUOTES = /[\s()"\\]/;

/** Returns a value in quotes, with quotes and backslashes in it escaped. */
export const quoteValue = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/**
 * Returns a value in the form that follows `field:` in a query: in quotes if the query language would otherwise
 * split the value.
 */
export const printValue = (value: string): string => (NEEDS_QUOTES.test(value) ? quoteValue(value) : value);
