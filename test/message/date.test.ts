/** Tests of parsing dates: RFC 5322, its obsolete forms, forms that programs write, and invalid dates. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDate, parseZonedDate } from '../../server/message/date.ts';

it.each([
  ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06.000Z'],
  ['Tue, 1 Jul 2003 10:52:37 +0200', '2003-07-01T08:52:37.000Z'],
  ['1 Jul 2003 10:52 +0200', '2003-07-01T08:52:00.000Z'],
  [
    'Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)',
    '1969-02-14T03:02:00.000Z',
  ],
  ['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06.000Z'],
  ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
  ['21 Nov 49 00:00:00 GMT', '2049-11-21T00:00:00.000Z'],
  ['21 Nov 50 00:00:00 GMT', '1950-11-21T00:00:00.000Z'],
  ['21 Nov 103 00:00:00 GMT', '2003-11-21T00:00:00.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 EST', '2006-01-02T20:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 PDT', '2006-01-02T22:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 K', '2006-01-02T15:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 -0000', '2006-01-02T15:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05', '2006-01-02T15:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 GMT+0200', '2006-01-02T13:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 +02:00', '2006-01-02T13:04:05.000Z'],
  ['Mon, 2 Jan 2006 15:04:05 +0000 (UTC)', '2006-01-02T15:04:05.000Z'],
  ['Mon,2 Jan 2006 15:04:05 Z', '2006-01-02T15:04:05.000Z'],
  ['Monday, 02-Jan-06 15:04:05 GMT', '2006-01-02T15:04:05.000Z'],
  ['2 January 2006 3:04 PM', '2006-01-02T15:04:00.000Z'],
  ['Mon Jan  2 15:04:05 2006', '2006-01-02T15:04:05.000Z'],
  ['Mon Jan 2 15:04:05 CET 2006', '2006-01-02T14:04:05.000Z'],
  ['Mon Jan 2 15:04:05 2006 -0700', '2006-01-02T22:04:05.000Z'],
  ['January 2, 2006 12:04 AM', '2006-01-02T00:04:00.000Z'],
  ['2006-01-02T15:04:05Z', '2006-01-02T15:04:05.000Z'],
  ['2006-01-02 15:04:05.123 +0100', '2006-01-02T14:04:05.000Z'],
  ['2006-01-02', '2006-01-02T00:00:00.000Z'],
  ['Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00.000Z'],
  ['Thu, 29 Feb 2024 00:00:00 +0000', '2024-02-29T00:00:00.000Z'],
  ['Wed, 29 Feb 2023 00:00:00 +0000', null],
  ['32 Jan 2006 00:00:00 +0000', null],
  ['1 Foo 2006 00:00:00 +0000', null],
  ['1 Jan 2006 25:00:00 +0000', null],
  ['1 Jan 2006 00:61:00 +0000', null],
  ['1 Jan 2006 00:00:00 +9900', null],
  ['now', null],
  ['', null],
  ['1'.repeat(1_000_000), null],
])('%s', (value, expected) => {
  const at = parseDate(value);
  expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
});

it('returns the zone, which a search by day needs', () => {
  expect(parseZonedDate('Tue, 1 Jul 2003 00:30:00 +0530')?.offset).toBe(330);
  expect(parseZonedDate('Tue, 1 Jul 2003 00:30:00 -0330')?.offset).toBe(-210);
  expect(parseZonedDate('Tue, 1 Jul 2003 00:30:00')?.offset).toBe(0);
});

it('parses the usual form on its fast path as on the general path', () => {
  const digits = (least: number, most: number, length: number) =>
    fc.integer({ min: least, max: most }).map((n) => String(n).padStart(length, '0'));
  const month = fc.constantFrom('Jan', 'Feb', 'Jun', 'Dec', 'Foo', 'JAN');
  const zone = fc.tuple(fc.constantFrom('+', '-'), digits(0, 9999, 4)).map((each) => each.join(''));
  const usual = fc
    .tuple(
      digits(0, 40, 1),
      month,
      digits(0, 9999, 4),
      digits(0, 25, 2),
      digits(0, 61, 2),
      digits(0, 62, 2),
      zone,
    )
    .map(
      ([day, name, year, hour, minute, second, east]) =>
        `Tue, ${day} ${name} ${year} ${hour}:${minute}:${second} ${east}`,
    );
  fc.assert(
    fc.property(usual, (value) => {
      expect(parseZonedDate(value)).toEqual(parseZonedDate(`${value} (a comment)`));
    }),
  );
});
