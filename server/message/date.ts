/**
 * Parses dates in mail: RFC 5322 §3.3, the obsolete years and zones of §4.3, and other forms that programs
 * write (ISO 8601, ctime, dashes, full month names, `GMT+0200`). For text that is not a valid date, the result
 * is `null`.
 */

/** A point in time, with the time zone in which it was written. */
export interface ZonedDate {
  /** The point in time in milliseconds since the epoch. */
  readonly at: number;
  /** Offset of the time zone from UTC in minutes, positive to the east; 0 for an unknown zone. */
  readonly offset: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Offsets from UTC, in hours, by the name of the time zone: the names in RFC 5322 §4.3, and further names
 * that are unambiguous in mail.
 */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
  bst: 1,
  west: 1,
  cet: 1,
  met: 1,
  cest: 2,
  mest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  kst: 9,
};

/**
 * Maximum length in characters of a text that is parsed as a date. No real date is longer; the limit bounds
 * the work for a hostile value.
 */
const MAX_LENGTH = 200;

const CLOCK = String.raw`(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]m\b)?`;
const ZONE = String.raw`\s*(.*)$`;
/** Matches the form `[Tue,] 1 Jul 2003 10:52:37 +0200`, also with dashes in the date. */
const MAIL = new RegExp(
  String.raw`^(?:[a-z]+[,.\s]\s*)?(\d{1,2})[-\s.]+([a-z]{3,9})[-\s.,]+(\d{2,4})(?:[,\s]+(?:at\s+)?${CLOCK}${ZONE})?$`,
  'i',
);
/** Matches the form `Tue Jul  1 10:52:37 [CEST] 2003 [+0200]` of ctime. */
const CTIME = new RegExp(
  String.raw`^(?:[a-z]+[,\s]\s*)?([a-z]{3,9})\s+(\d{1,2}),?\s+${CLOCK}\s+(?:([a-z]{1,5})\s+)?(\d{4})${ZONE}`,
  'i',
);
/** Matches the American form `[Tue,] July 1, 2003 10:52 PM [zone]`. */
const AMERICAN = new RegExp(
  String.raw`^(?:[a-z]+,\s*)?([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:[,\s]+(?:at\s+)?${CLOCK}${ZONE})?$`,
  'i',
);
/** Matches the ISO 8601 form `2003-07-01T10:52:37+02:00`. */
const ISO = new RegExp(String.raw`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t\s]+${CLOCK}${ZONE})?$`, 'i');

/**
 * Returns the offset of a zone in minutes east of UTC; 0 for an unknown zone name (RFC 5322 §4.3); `null` for
 * an invalid numeric offset such as `+9999`.
 */
function zoneOffset(text: string): number | null {
  const numeric = /(?:^|[a-z\s])([+-])(\d{1,2}):?(\d{2})?(?!\d)/i.exec(text);
  if (numeric !== null) {
    const hours = Number(numeric[2]);
    const minutes = Number(numeric[3] ?? 0);
    if (hours > 23 || minutes > 59) return null;
    return (numeric[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const name = /^[a-z]+/i.exec(text.trim())?.[0].toLowerCase() ?? '';
  return (ZONES[name] ?? 0) * 60;
}

function fullYear(text: string): number {
  const year = Number(text);
  // RFC 5322 §4.3: 2000 is added to two-digit years below 50, and 1900 to other two-digit and three-digit
  // years.
  if (text.length === 2) return year + (year < 50 ? 2000 : 1900);
  return text.length === 3 ? year + 1900 : year;
}

interface Pieces {
  readonly year: string | undefined;
  /** The month as written: its name, or its number from 1. */
  readonly month: string | undefined;
  readonly day: string | undefined;
  /** The hour, minute and second of a written time, and `am` or `pm` if the time contains it. */
  readonly clock: readonly (string | undefined)[];
  readonly zone: string | undefined;
}

function split(text: string): Pieces | null {
  let m = MAIL.exec(text);
  if (m) return { day: m[1], month: m[2], year: m[3], clock: m.slice(4, 8), zone: m[8] };
  m = CTIME.exec(text);
  if (m) return { month: m[1], day: m[2], clock: m.slice(3, 7), year: m[8], zone: m[9] === '' ? m[7] : m[9] };
  m = AMERICAN.exec(text);
  if (m) return { month: m[1], day: m[2], year: m[3], clock: m.slice(4, 8), zone: m[8] };
  m = ISO.exec(text);
  if (m) return { year: m[1], month: m[2], day: m[3], clock: m.slice(4, 8), zone: m[8] };
  return null;
}

/**
 * Returns the index (0 to 11) of a month that is written as a name or as a number from 1. Callers must check
 * the range: an unknown name gives −1, and the number 13 gives 12.
 */
const monthIndexOf = (month: string): number =>
  /^\d/.test(month) ? Number(month) - 1 : MONTHS.indexOf(month.slice(0, 3).toLowerCase());

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Returns the time of day in a date; 0:00:00 for a date without a time; `null` for an invalid time. */
function timeOfDay([hours, minutes, seconds, half]: Pieces['clock']): TimeOfDay | null {
  let hour = Number(hours ?? 0);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  }
  const minute = Number(minutes ?? 0);
  const second = Number(seconds ?? 0);
  return hour > 23 || minute > 59 || second > 60 ? null : { hour, minute, second };
}

function assemble({ year, month, day, clock, zone }: Pieces): ZonedDate | null {
  const monthIndex = monthIndexOf(month ?? '');
  const time = timeOfDay(clock);
  const offset = zoneOffset(zone ?? '');
  if (monthIndex < 0 || monthIndex > 11 || time === null || offset === null) return null;
  const dayNumber = Number(day);
  const date = new Date(0);
  date.setUTCFullYear(fullYear(year ?? ''), monthIndex, dayNumber);
  if (date.getUTCMonth() !== monthIndex || date.getUTCDate() !== dayNumber) return null;
  date.setUTCHours(time.hour, time.minute - offset, time.second);
  return { at: date.getTime(), offset };
}

/** Matches the form that nearly all programs write: `Tue, 01 Jul 2003 10:52:37 +0200`. */
const USUAL = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})$/;

/**
 * Parses the value of a Date field into a point in time and its time zone; returns `null` for an invalid
 * date.
 */
export function parseZonedDate(value: string): ZonedDate | null {
  const usual = USUAL.exec(value);
  if (usual !== null) {
    const [, day, month, year, hour, minute, second, zone] = usual;
    return assemble({ day, month, year, clock: [hour, minute, second], zone });
  }
  const text = value
    .slice(0, MAX_LENGTH)
    .replace(/\([^()]*\)/g, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?: ?/g, ':');
  const pieces = split(text);
  return pieces === null ? null : assemble(pieces);
}

/** Parses the value of a Date field into milliseconds since the epoch; returns `null` for an invalid date. */
export function parseDate(value: string): number | null {
  return parseZonedDate(value)?.at ?? null;
}
