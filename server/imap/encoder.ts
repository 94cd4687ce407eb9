/** How values are written in responses (RFC 9051 §9): strings, lists, dates, flags. Text in, text out; UTF-8. */

/** Longest quoted string: anything longer is a literal, as some clients have small line buffers. */
const MAX_QUOTED = 1_000;

/** A string as quoted string where one can hold it, else as literal. */
export function string(text: string): string {
  if (text.length <= MAX_QUOTED && /^[\t\x20-\x7e]*$/.test(text)) return quoted(text);
  return `{${Buffer.byteLength(text)}}\r\n${text}`;
}

/** Printable ASCII in quotes. */
export function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}

export function nstring(text: string | null): string {
  return text === null ? 'NIL' : string(text);
}

/** An atom where the text is one, else a string: header names, charsets. */
export function astring(text: string): string {
  return /^[A-Za-z0-9!#$&'+,\-./:;<=>?@[\]^_`|~]+$/.test(text) && text.toUpperCase() !== 'NIL'
    ? text
    : string(text);
}

export function list(items: readonly string[]): string {
  return `(${items.join(' ')})`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `date-time` in UTC, quoted: INTERNALDATE, SAVEDATE. */
export function dateTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const year = String(at.getUTCFullYear()).padStart(4, '0');
  return `"${day}-${MONTHS[at.getUTCMonth()] ?? ''}-${year} ${time} +0000"`;
}

const DATE = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
const DATE_TIME = /^([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

function utc(year: string, month: string, day: string, hour = 0, minute = 0, second = 0): number | null {
  const index = MONTHS.findIndex((name) => name.toLowerCase() === month.toLowerCase());
  const at = new Date(0);
  at.setUTCFullYear(Number(year), index, Number(day));
  at.setUTCHours(hour, minute, second);
  const valid = index !== -1 && at.getUTCMonth() === index && hour < 24 && minute < 60 && second <= 60;
  return valid ? at.getTime() : null;
}

/** `date-text` as milliseconds of its midnight in UTC; `null` when it is no date. */
export function parseDate(text: string): number | null {
  const [, day, month, year] = DATE.exec(text) ?? [];
  return day === undefined || month === undefined || year === undefined ? null : utc(year, month, day);
}

/** `date-time` as milliseconds since the epoch; `null` when it is none. */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [day = '', month = '', year = ''] = match.slice(1, 4);
  const [hour = 0, minute = 0, second = 0] = match.slice(4, 7).map(Number);
  const offset = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1);
  const local = utc(year, month, day.trim(), hour, minute, second);
  return local === null ? null : local - offset * 60_000;
}
