/** Reads the events of an iCalendar file for a preview (RFC 5545 §3.1, §3.6.1). */

/**
 * Returns whether a media type is a calendar type: an invitation has one of two types, depending on the program
 * that sent it.
 */
export const isCalendar = (type: string): boolean => /^(?:text\/calendar|application\/ics)$/.test(type);

export interface CalendarEvent {
  readonly summary: string;
  /** The time, place and people of the event, one line of text each. */
  readonly lines: readonly string[];
}

interface Property {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

const unescape = (text: string): string =>
  text.replaceAll(/\\([nN,;\\])/g, (_, char: string) => (char.toLowerCase() === 'n' ? '\n' : char));

function propertiesOf(text: string): Property[] {
  return text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const match = /^([\w-]+)((?:;[\w-]+=(?:"[^"]*"|[^":;]*))*):(.*)$/.exec(line);
      if (match === null) return [];
      const [, name = '', parameters = '', value = ''] = match;
      return [{ name: name.toUpperCase(), parameters, value: unescape(value) }];
    });
}

/**
 * Returns an instant in the reader's time zone. A time without a zone, or with a zone given by name, is returned as
 * written.
 */
function instant({ value, parameters }: Property): string {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value);
  if (match === null) return value;
  const [, year, month, day, hour, minute, , zone] = match;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return date;
  if (zone === 'Z')
    return new Date(`${date}T${hour}:${minute}:00Z`).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
  const named = /TZID=([^;:]+)/i.exec(parameters)?.[1];
  return `${date} ${hour}:${minute}${named === undefined ? '' : ` (${named})`}`;
}

export function readCalendar(text: string): CalendarEvent[] {
  const events: CalendarEvent[] = [];
  let current: Property[] | null = null;
  for (const property of propertiesOf(text)) {
    if (property.name === 'BEGIN' && property.value === 'VEVENT') current = [];
    else if (property.name === 'END' && property.value === 'VEVENT' && current !== null) {
      events.push(present(current));
      current = null;
    } else current?.push(property);
  }
  return events;
}

function present(properties: readonly Property[]): CalendarEvent {
  const all = (name: string): Property[] => properties.filter((property) => property.name === name);
  const value = (name: string): string => all(name)[0]?.value ?? '';
  const times = [...all('DTSTART'), ...all('DTEND')].map(instant).join(' – ');
  const people = all('ATTENDEE').map(({ value: address }) => address.replace(/^mailto:/i, ''));
  return {
    summary: value('SUMMARY'),
    lines: [times, value('LOCATION'), people.join(', '), value('DESCRIPTION')].filter((line) => line !== ''),
  };
}
