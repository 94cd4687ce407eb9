/** Parses the points in time and the sizes in a query. */

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
};

const AGE_UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Parses a size such as `500`, `10k` or `1.5M`. Returns the number of octets; `null` for any other text. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmg]?b?)$/i.exec(text);
  const unit = match === null ? undefined : SIZE_UNITS[(match[2] ?? '').toLowerCase()];
  if (match === null || unit === undefined) return null;
  const size = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(size) ? size : null;
}

/** The first and the last point in time that a date with a four-digit year can name. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Parses an ISO 8601 date (start of the day in UTC) or date-time (UTC without an offset), `today`, `yesterday`, or
 * an age before now such as `2h` or `3d`. Returns milliseconds since the epoch; `null` for any other text.
 */
export function parseInstant(text: string, now: number): number | null {
  const at = readInstant(text, now);
  return at !== null && at >= FIRST && at <= LAST ? at : null;
}

const DAY = 86_400_000;

function readInstant(text: string, now: number): number | null {
  const age = /^(\d{1,9})([smhdw])$/i.exec(text);
  if (age !== null) return now - Number(age[1]) * (AGE_UNITS[(age[2] ?? '').toLowerCase()] ?? 0);
  const today = Math.floor(now / DAY) * DAY;
  if (/^today$/i.test(text)) return today;
  if (/^yesterday$/i.test(text)) return today - DAY;
  const iso =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (iso === null) return null;
  const [, date = '', time = '00:00', zone = 'Z'] = iso;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // A date that does not exist must be rejected, but `Date.parse` changes 31 February to a date in March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return null;
  const offset = zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase();
  return Date.parse(`${date}T${time}${offset}`);
}
