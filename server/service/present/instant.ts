/** Formats instants for the API: ISO 8601 in UTC. */

/**
 * The earliest instant that can be formatted: ISO 8601 writes the years before year 0 with a sign, which JSON
 * readers do not expect.
 */
const FIRST_INSTANT = Date.parse('0000-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59Z');

/**
 * Formats an instant as ISO 8601 in UTC.
 * @param at milliseconds since the epoch
 */
export function instant(at: number): string {
  return new Date(Math.min(Math.max(at, FIRST_INSTANT), LAST_INSTANT)).toISOString();
}
