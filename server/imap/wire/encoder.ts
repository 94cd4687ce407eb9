/**
 * Encodes and decodes values of the protocol (RFC 9051 §9): strings, lists, dates, flags. Input and output are
 * text, which is sent as UTF-8.
 */
import { MONTHS } from '../../../contract/text/date.ts';

/**
 * Maximum length of a quoted string in characters. Longer strings are sent as literals, because some clients
 * have small line buffers.
 */
const MAX_QUOTED = 1_000;

/** Encodes text as a quoted string if possible, else as a literal. */
export function string(text: string): string {
  if (text.length <= MAX_QUOTED && /^[\t\x20-\x7e]*$/.test(text)) return quoted(text);
  return `{${Buffer.byteLength(text)}}\r\n${text}`;
}

/** Puts printable ASCII text in quotes. */
export function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}

export function nstring(text: string | null): string {
  return text === null ? 'NIL' : string(text);
}

/** Encodes text as an atom if possible, else as a string; for header names and character sets. */
export function astring(text: string): string {
  return /^[A-Za-z0-9!#$&'+,\-./:;<=>?@[\]^_`|~]+$/.test(text) && text.toUpperCase() !== 'NIL'
    ? text
    : string(text);
}

export function list(items: readonly string[]): string {
  return `(${items.join(' ')})`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Encodes a time as `date-time` in UTC, in quotes, for INTERNALDATE and SAVEDATE. */
export function dateTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const year = String(at.getUTCFullYear()).padStart(4, '0');
  return `"${day}-${MONTHS[at.getUTCMonth()] ?? ''}-${year} ${time} +0000"`;
}

const DATE = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
/**
 * Lenient syntax for `date-time` from clients: days with one digit, several spaces, and `GMT` as zone are
 * accepted.
 */
const DATE_TIME =
  /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) +(\d{1,2}):(\d\d):(\d\d) +(?:([+-])(\d\d)(\d\d)|GMT|UTC?)$/i;
/** Syntax of `date-text` in RFC 9051 §9. */
const STRICT_DATE = /^\d{1,2}-[A-Z][a-z]{2}-\d{4}$/;
const STRICT_DATE_TIME = /^[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

/**
 * Returns the time in UTC. Days and hours beyond the end of their month or day are carried over, as in other
 * servers: 31 February is in March.
 */
function utc(year: string, month: string, day: string, time: readonly number[] = []): number | null {
  const index = MONTHS.findIndex((name) => name.toLowerCase() === month.toLowerCase());
  if (index === -1) return null;
  const [hour = 0, minute = 0, second = 0] = time;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), index, Number(day));
  at.setUTCHours(hour, minute, second);
  return at.getTime();
}

/** Returns whether a text is a date that the grammar allows and that exists in the calendar. */
export const isDate = (text: string): boolean => STRICT_DATE.test(text) && hasDay(text, parseDate(text));

export const isDateTime = (text: string): boolean =>
  STRICT_DATE_TIME.test(text) &&
  hasDay(text, parseDate(text.slice(0, 11))) &&
  / (?:[01]\d|2[0-3]):[0-5]\d:[0-6]\d /.test(text);

const hasDay = (text: string, at: number | null): boolean =>
  at !== null && new Date(at).getUTCDate() === Number.parseInt(text, 10);

/**
 * Parses `date-text` and returns the start of the day in UTC, in milliseconds since the epoch; `null` for an
 * invalid date.
 */
export function parseDate(text: string): number | null {
  const [, day, month, year] = DATE.exec(text) ?? [];
  return day === undefined || month === undefined || year === undefined ? null : utc(year, month, day);
}

/** Parses `date-time` and returns milliseconds since the epoch; `null` for an invalid date. */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, day = '', month = '', year = ''] = match;
  const [, , , , , , , sign = '+', hours = '0', minutes = '0'] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const local = utc(year, month, day, match.slice(4, 7).map(Number));
  return local === null ? null : local - offset * 60_000;
}
