import { expect, it } from 'vitest';
import { readDate } from '../../../server/compat/mailpit/dates.ts';

it.each([
  ['2026-11-23', 'UTC', '2026-11-23T00:00:00Z'],
  ['2026-11-23', 'Europe/Berlin', '2026-11-22T23:00:00Z'],
  ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00Z'],
  ['2026/11/23', 'America/New_York', '2026-11-23T05:00:00Z'],
  ['2026.11.23', 'UTC', '2026-11-23T00:00:00Z'],
  ['2026-11', 'UTC', '2026-11-01T00:00:00Z'],
  ['2026', 'UTC', '2026-01-01T00:00:00Z'],
  ['20261123', 'UTC', '2026-11-23T00:00:00Z'],
  ['11/23/2026', 'UTC', '2026-11-23T00:00:00Z'],
  ['11/23/26', 'UTC', '2026-11-23T00:00:00Z'],
  ['23 Nov 2026', 'UTC', '2026-11-23T00:00:00Z'],
  ['23-NOV-2026', 'UTC', '2026-11-23T00:00:00Z'],
  ['November 23, 2026 3:04 pm', 'UTC', '2026-11-23T15:04:00Z'],
  ['Mon, 23 Nov 2026 10:00:00 +0100', 'UTC', '2026-11-23T09:00:00Z'],
  ['2026-11-23T10:00:00.123+01:00', 'UTC', '2026-11-23T09:00:00.123Z'],
  ['2026-11-23T10:00:00Z', 'Europe/Berlin', '2026-11-23T10:00:00Z'],
  ['2026-11-23 12:30 AM', 'UTC', '2026-11-23T00:30:00Z'],
  ['1795428000', 'Europe/Berlin', '2026-11-23T10:00:00Z'],
  ['1795428000123', 'Europe/Berlin', '2026-11-23T10:00:00.123Z'],
])('reads %s in the zone %s', (text, zone, expected) => {
  expect(readDate(text, zone)).toBe(Date.parse(expected));
});

it('uses the offset after a change of the clocks', () => {
  expect(readDate('2026-03-29 03:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'));
  expect(readDate('2026-03-29 01:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T00:30:00Z'));
});

it.each([
  '',
  'never',
  '2026-02-30',
  '2026-13-01',
  '2026-11-23 25:00',
  '2026-11-23 13:00 pm',
  '12',
  'Foo 12, 2026',
])('refuses %j', (text) => {
  expect(readDate(text, 'UTC')).toBeNull();
});
