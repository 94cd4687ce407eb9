/**
 * Reads the dates of the search terms `after:` and `before:`, in the forms that users of Mailpit write most:
 * ISO 8601, dates with slashes or dots, dates with the name of a month, RFC 5322, and numbers of seconds or
 * milliseconds since the epoch.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A date and time without a time zone; the month counts from 1. */
interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Returns whether the name is an IANA time zone that this system knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns the offset of a time zone at an instant, in milliseconds east of UTC. */
function offsetAt(instant: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...(zone === undefined ? {} : { timeZone: zone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(instant / 1000) * 1000;
}

/** Returns milliseconds since the epoch; `null` for a date that does not exist, such as 31 February. */
function instantOf(time: LocalTime, offset: number | null, zone: string | undefined): number | null {
  const { year, month, day, hour, minute, second, millisecond } = time;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const date = new Date(utc);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 60) return null;
  if (offset !== null) return utc - offset;
  // The offset is computed twice: near a change to or from daylight-saving time, the first result may have the
  // offset of the other side of the change.
  const guess = utc - offsetAt(utc, zone);
  return utc - offsetAt(guess, zone);
}

const TIME =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*(am|pm))?(?:\s*(z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}))?(?:\s*\([a-z ]*\))?$/i;

type Clock = Pick<LocalTime, 'hour' | 'minute' | 'second' | 'millisecond'> & {
  readonly offset: number | null;
};

const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0, millisecond: 0, offset: null };

function readOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/** Reads a time of day with an optional zone; `null` for any other text. */
function readClock(text: string): Clock | null {
  if (text === '') return MIDNIGHT;
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds = '0', fraction = '', half, zone] = match;
  const hour = Number(hours);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  const in24 = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return {
    hour: in24,
    minute: Number(minutes),
    second: Number(seconds),
    millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
    offset: readOffset(zone),
  };
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const fullYear = (text: string): number =>
  Number(text) + (text.length > 2 ? 0 : Number(text) < 70 ? 2000 : 1900);
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** The accepted forms of a date, each with the function that reads it. A match ends where the time of day begins. */
const DAYS: readonly (readonly [RegExp, (match: RegExpExecArray) => Day])[] = [
  // Dates such as 2026-11-23, 2026/11/23 and 2026.11.23, and months such as 2026-11.
  [
    /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?=$|[ t])/i,
    ([, year = '', month = '', day = '1']) => ({
      year: Number(year),
      month: Number(month),
      day: Number(day),
    }),
  ],
  // Dates such as 20261123.
  [
    /^(\d{4})(\d{2})(\d{2})(?=$|[ t])/i,
    ([, year = '', month = '', day = '']) => ({ year: Number(year), month: Number(month), day: Number(day) }),
  ],
  // Dates such as 11/23/2026. The month is first, as in Mailpit.
  [
    /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?=$| )/,
    ([, month = '', day = '', year = '']) => ({
      year: fullYear(year),
      month: Number(month),
      day: Number(day),
    }),
  ],
  // Dates such as `23 Nov 2026`, `23-Nov-2026` and `Mon, 23 November 2026`.
  [
    /^(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[- ]([a-z]{3,9})[-, ]+(\d{4}|\d{2})(?=$|[ ,])/i,
    ([, day = '', month = '', year = '']) => ({
      year: fullYear(year),
      month: monthOf(month),
      day: Number(day),
    }),
  ],
  // Dates such as `Nov 23, 2026` and `November 23 2026`.
  [
    /^(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?=$|[ ,])/i,
    ([, month = '', day = '', year = '']) => ({
      year: fullYear(year),
      month: monthOf(month),
      day: Number(day),
    }),
  ],
  // Years such as 2026.
  [/^(\d{4})$/, ([, year = '']) => ({ year: Number(year), month: 1, day: 1 })],
];

/**
 * The unit of a number that counts from the epoch, in milliseconds, by its number of digits: 10 digits are
 * seconds, 13 are milliseconds, 16 are microseconds and 19 are nanoseconds.
 */
const EPOCH_UNITS: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 1 / 1000, 19: 1 / 1_000_000 };

/**
 * Reads a date. Returns milliseconds since the epoch; `null` for a text that is not a date.
 *
 * @param zone the IANA time zone of a date without a zone; if absent, the zone of this machine
 */
export function readDate(text: string, zone?: string): number | null {
  const trimmed = text.trim();
  const unit = /^\d+$/.test(trimmed) ? EPOCH_UNITS[trimmed.length] : undefined;
  if (unit !== undefined) return Math.floor(Number(trimmed) * unit);
  for (const [form, read] of DAYS) {
    const match = form.exec(trimmed);
    if (match === null) continue;
    const clock = readClock(trimmed.slice(match[0].length).replace(/^(?:t|,? +(?:at +)?)/i, ''));
    return clock === null ? null : instantOf({ ...read(match), ...clock }, clock.offset, zone);
  }
  return null;
}
