/** Tests the conversion of invitations: the events of an iCalendar file as text. */
import { describe, expect, it } from 'vitest';
import { isCalendar, readCalendar } from '../../../../ui/model/message/calendar.ts';

const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

describe('isCalendar', () => {
  it.each([
    ['text/calendar', true],
    ['application/ics', true],
    ['text/plain', false],
    ['text/calendar-like', false],
  ])('%s is %s', (type, expected) => {
    expect(isCalendar(type)).toBe(expected);
  });
});

describe('readCalendar', () => {
  it('reads the summary, the times, the place, the people and the description', () => {
    const [event, ...others] = readCalendar(
      calendar(
        'SUMMARY:Review',
        'DTSTART;TZID=Europe/Berlin:20261130T100000',
        'DTEND;TZID=Europe/Berlin:20261130T113000',
        'LOCATION:Room 2',
        'ATTENDEE;CN="Ann; Lee":mailto:ann@x.test',
        'ATTENDEE:MAILTO:bob@x.test',
        'DESCRIPTION:Bring notes',
      ),
    );
    expect(others).toEqual([]);
    expect(event).toEqual({
      summary: 'Review',
      lines: [
        '2026-11-30 10:00 (Europe/Berlin) – 2026-11-30 11:30 (Europe/Berlin)',
        'Room 2',
        'ann@x.test, bob@x.test',
        'Bring notes',
      ],
    });
  });

  it('unfolds lines and decodes escapes (RFC 5545 §3.1, §3.3.11)', () => {
    const [event] = readCalendar(
      calendar('SUMMARY:A long na', ' me\\, with a comma\\; and more', 'DTSTART:20261130'),
    );
    expect(event).toEqual({ summary: 'A long name, with a comma; and more', lines: ['2026-11-30'] });
  });

  it('converts an instant in UTC to the time zone of the reader', () => {
    const [event] = readCalendar(calendar('DTSTART:20261130T100000Z'));
    const local = new Date('2026-11-30T10:00:00Z').toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    expect(event?.lines).toEqual([local]);
  });

  it('returns a time that it cannot parse unchanged, and ignores properties outside of an event', () => {
    expect(readCalendar(`SUMMARY:outside\r\n${calendar('DTSTART:next week')}`)).toEqual([
      { summary: '', lines: ['next week'] },
    ]);
  });

  it('returns no event for an event without an end', () => {
    expect(readCalendar('BEGIN:VEVENT\r\nSUMMARY:open')).toEqual([]);
  });
});
