/** Instants and sizes in a query. */

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

/** Octets of `500`, `10k`, `1.5M`; `null` for anything else. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmg]?b?)$/i.exec(text);
  const unit = match === null ? undefined : SIZE_UNITS[(match[2] ?? '').toLowerCase()];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}

/**
 * Milliseconds since the epoch of an ISO 8601 date (its beginning, in UTC) or date-time (UTC unless it says
 * otherwise), of `today` or `yesterday`, or of an age such as `2h` or `3d` before now; `null` for anything else.
 */
export function parseInstant(text: string, now: number): number | null {
  const age = /^(\d{1,9})([smhdw])$/i.exec(text);
  if (age !== null) return now - Number(age[1]) * (AGE_UNITS[(age[2] ?? '').toLowerCase()] ?? 0);
  const today = now - (now % (AGE_UNITS['d'] ?? 1));
  if (/^today$/i.test(text)) return today;
  if (/^yesterday$/i.test(text)) return today - (AGE_UNITS['d'] ?? 0);
  const iso =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (iso === null) return null;
  const [, date = '', time, zone = 'Z'] = iso;
  const at = Date.parse(time === undefined ? `${date}T00:00:00Z` : `${date}T${time}${zone.toUpperCase()}`);
  // Date.parse turns 31 February into March; a date that is none is a mistake.
  const sameDay = time !== undefined || (!Number.isNaN(at) && new Date(at).toISOString().startsWith(date));
  return Number.isNaN(at) || !sameDay ? null : at;
}
