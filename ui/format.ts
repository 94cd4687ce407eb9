/** Formats times, sizes, counts and addresses in the user's locale. */
import type { Address } from '../contract/index.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const HALF_DAY = 12 * HOUR;
const DAY = 86_400_000;
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const monthDay = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const yearMonthDayTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const yearMonthDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const full = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const number = new Intl.NumberFormat();

/** Returns the midnight at which the local day of an instant begins, in milliseconds since the epoch. */
export const dayOf = (instant: string | number): number => new Date(instant).setHours(0, 0, 0, 0);

/**
 * Returns the age of an instant of the last hour (`5 min. ago`), the time of day of an instant of today or of the last
 * twelve hours, and the day and the time of day of an earlier instant.
 */
export function shortTime(instant: string, now: number): string {
  const date = new Date(instant);
  const age = now - date.getTime();
  if (age >= 0 && age < MINUTE) return ago.format(0, 'second');
  if (age >= 0 && age < HOUR) return ago.format(-Math.floor(age / MINUTE), 'minute');
  if (dayOf(instant) === dayOf(now) || Math.abs(age) < HALF_DAY) return time.format(date);
  return (date.getFullYear() === new Date(now).getFullYear() ? monthDay : yearMonthDayTime).format(date);
}

/** Returns whether `shortTime` returns the age of an instant, and not its time of day. */
export const isRecent = (instant: string, now: number): boolean => {
  const age = now - new Date(instant).getTime();
  return age >= 0 && age < HOUR;
};

/** Returns the time of day of an instant, to the second. */
export const clock = (instant: string): string => time.format(new Date(instant));

export const fullTime = (instant: string): string => full.format(new Date(instant));

/** Returns the display name of a day: "Today", "Yesterday", a weekday, or a date. */
export function dayName(day: number, now: number): string {
  const days = Math.round((dayOf(now) - day) / DAY);
  if (days <= 1) {
    const word = relative.format(-days, 'day');
    return word.charAt(0).toLocaleUpperCase() + word.slice(1);
  }
  return days < 7 ? weekday.format(day) : yearMonthDay.format(day);
}

export const count = (value: number): string => number.format(value);

/** Formats a number of octets in decimal units (kB, MB), with one decimal for values below ten. */
export function size(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  let value = octets;
  let unit = '';
  for (unit of ['kB', 'MB', 'GB']) {
    value /= 1000;
    if (value < 999.5) break;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** Formats a number of milliseconds in a readable unit. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Returns the display name of an address, or the address itself if it has no name. */
export const personName = ({ name, address }: Address): string => (name === '' ? address : name);

export const people = (addresses: readonly Address[]): string => addresses.map(personName).join(', ');
