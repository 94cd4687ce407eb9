/** Instants in the form of the contract: ISO 8601 in UTC. */

/** Years that ISO 8601 writes with a sign are outside what JSON readers expect. */
const FIRST_INSTANT = Date.parse('0000-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59Z');

/** @param at milliseconds since the epoch */
export function instant(at: number): string {
  return new Date(Math.min(Math.max(at, FIRST_INSTANT), LAST_INSTANT)).toISOString();
}
