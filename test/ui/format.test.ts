/** Tests how the page formats times. */
import { describe, expect, it } from 'vitest';
import { shortTime } from '../../ui/format.ts';

/** Returns an instant of the local time zone in milliseconds since the epoch. */
const local = (
  ...parts: [year: number, month: number, day: number, hour: number, minute: number, second: number]
) => new Date(parts[0], parts[1] - 1, ...(parts.slice(2) as [number, number, number, number])).getTime();
const iso = (instant: number): string => new Date(instant).toISOString();

describe('the time in a row', () => {
  const now = local(2026, 3, 10, 0, 10, 0);
  const clock = (instant: number): string =>
    new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
      instant,
    );

  it('is an age in the first hour, also across midnight', () => {
    expect(shortTime(iso(now - 20_000), now)).toBe('now');
    expect(shortTime(iso(now - 20 * 60_000), now)).toMatch(/^20 ?m/);
    expect(shortTime(iso(now - 59 * 60_000 - 59_000), now)).toMatch(/^59 ?m/);
  });

  it('is a time of day to the second in the next hours', () => {
    const evening = local(2026, 3, 9, 21, 4, 9);
    expect(shortTime(iso(evening), now)).toBe(clock(evening));
    const later = local(2026, 3, 10, 23, 0, 5);
    expect(shortTime(iso(local(2026, 3, 10, 1, 2, 3)), later)).toBe(clock(local(2026, 3, 10, 1, 2, 3)));
  });

  it('is a day and a time before that, with the year if it is another one', () => {
    const before = shortTime(iso(local(2026, 3, 8, 14, 3, 0)), now);
    expect(before).toContain('8');
    expect(before).toMatch(/0?[23]:03/);
    expect(before).not.toContain('2026');
    const old = shortTime(iso(local(2025, 12, 31, 14, 3, 0)), now);
    expect(old).toContain('2025');
    expect(old).toMatch(/0?[23]:03/);
  });

  it('is no age for an instant that a corrected clock puts into the future', () => {
    expect(shortTime(iso(now + 5000), now)).toBe(clock(now + 5000));
  });
});
