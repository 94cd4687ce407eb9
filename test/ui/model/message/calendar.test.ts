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
      kind: '',
      rows: [
        { label: 'When', value: '2026-11-30 10:00 (Europe/Berlin) – 2026-11-30 11:30 (Europe/Berlin)' },
        { label: 'Where', value: 'Room 2' },
        { label: 'Invited', value: 'Ann; Lee <ann@x.test>: no response yet\nbob@x.test: no response yet' },
        { label: 'Description', value: 'Bring notes' },
      ],
    });
  });

  it('reads the organizer, the recurrence, the responses and the method', () => {
    const text = calendar(
      'SUMMARY:Stand-up',
      'DTSTART:20261130',
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10',
      'ORGANIZER;CN=Ann:mailto:ann@x.test',
      'ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@x.test',
      'ATTENDEE;CN=Cleo;PARTSTAT=DECLINED:mailto:cleo@x.test',
    ).replace('BEGIN:VEVENT', 'METHOD:REQUEST\r\nBEGIN:VEVENT');
    expect(readCalendar(text)[0]).toMatchObject({
      kind: 'Invitation',
      rows: [
        { label: 'When' },
        { label: 'Repeats', value: 'every 2 weeks, on MO, WE, 10 times' },
        { label: 'Organizer', value: 'Ann <ann@x.test>' },
        { label: 'Invited', value: 'bob@x.test: accepted\nCleo <cleo@x.test>: declined' },
      ],
    });
    expect(readCalendar(text.replace('SUMMARY', 'STATUS:CANCELLED\r\nSUMMARY'))[0]?.kind).toBe('Cancelled');
    const daily = readCalendar(calendar('RRULE:FREQ=DAILY;UNTIL=20261231'))[0];
    expect(daily?.rows).toEqual([{ label: 'Repeats', value: 'every day, until 2026-12-31' }]);
    const unknown = readCalendar(calendar('RRULE:FREQ=SECONDLY'))[0];
    expect(unknown?.rows).toEqual([{ label: 'Repeats', value: 'FREQ=SECONDLY' }]);
  });

  it('unfolds lines and decodes escapes (RFC 5545 §3.1, §3.3.11)', () => {
    const [event] = readCalendar(
      calendar('SUMMARY:A long na', ' me\\, with a comma\\; and more', 'DTSTART:20261130'),
    );
    expect(event).toMatchObject({
      summary: 'A long name, with a comma; and more',
      rows: [{ label: 'When', value: '2026-11-30' }],
    });
  });

  it('converts an instant in UTC to the time zone of the reader', () => {
    const [event] = readCalendar(calendar('DTSTART:20261130T100000Z'));
    const local = new Date('2026-11-30T10:00:00Z').toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    expect(event?.rows).toEqual([{ label: 'When', value: local }]);
  });

  it('returns a time that it cannot parse unchanged, and ignores properties outside of an event', () => {
    expect(readCalendar(`SUMMARY:outside\r\n${calendar('DTSTART:next week')}`)).toEqual([
      { summary: '', kind: '', rows: [{ label: 'When', value: 'next week' }] },
    ]);
  });

  it('returns no event for an event without an end', () => {
    expect(readCalendar('BEGIN:VEVENT\r\nSUMMARY:open')).toEqual([]);
  });
});
