/** Reads the events of an iCalendar file for a preview (RFC 5545 §3.1, §3.6.1, §3.8). */
import { strings as s } from '../../strings.ts';

/**
 * Returns whether a media type is a calendar type: an invitation has one of two types, depending on the program
 * that sent it.
 */
export const isCalendar = (type: string): boolean => /^(?:text\/calendar|application\/ics)$/.test(type);

export interface CalendarEvent {
  readonly summary: string;
  /** The kind of the event, such as a cancellation; empty if the file does not declare one. */
  readonly kind: string;
  /** The time, recurrence, place and people of the event, and its description, each with a label. */
  readonly rows: readonly { readonly label: string; readonly value: string }[];
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

/** Parses a recurrence rule (RFC 5545 §3.3.10). Returns the values of its parts by their names, such as `FREQ`. */
const ruleOf = (value: string): ReadonlyMap<string, string> =>
  new Map(
    value.split(';').flatMap((part) => {
      const [name = '', text] = part.split('=');
      return text === undefined ? [] : [[name.toUpperCase(), text] as const];
    }),
  );

/** Returns a recurrence rule in words; a rule with an unknown frequency is returned as written. */
function recurrence({ value, parameters }: Property): string {
  const rule = ruleOf(value);
  const frequency = s.attachments.calendar.frequencies[rule.get('FREQ')?.toUpperCase() ?? ''];
  if (frequency === undefined) return value;
  const until = rule.get('UNTIL');
  return [
    frequency(Number(rule.get('INTERVAL') ?? 1)),
    ...(rule.has('BYDAY')
      ? [s.attachments.calendar.onDays(rule.get('BYDAY')?.replaceAll(',', ', ') ?? '')]
      : []),
    ...(until === undefined
      ? []
      : [s.attachments.calendar.until(instant({ name: 'UNTIL', parameters, value: until }))]),
    ...(rule.has('COUNT') ? [s.attachments.calendar.times(Number(rule.get('COUNT')))] : []),
  ].join(', ');
}

const parameterOf = ({ parameters }: Property, name: string): string => {
  const [, quoted, bare] = new RegExp(`;${name}=(?:"([^"]*)"|([^;]*))`, 'i').exec(parameters) ?? [];
  return quoted ?? bare ?? '';
};

function person(property: Property): string {
  const address = property.value.replace(/^mailto:/i, '');
  const name = parameterOf(property, 'CN');
  return name === '' || name === address ? address : `${name} <${address}>`;
}

/**
 * Returns an invited person's name or address, with the person's response to the invitation; a person who sent no
 * response is marked as waiting.
 */
function attendee(property: Property): string {
  const response =
    s.attachments.calendar.responses[(parameterOf(property, 'PARTSTAT') || 'NEEDS-ACTION').toUpperCase()];
  return response === undefined ? person(property) : `${person(property)}: ${response}`;
}

export function readCalendar(text: string): CalendarEvent[] {
  const events: CalendarEvent[] = [];
  let method = '';
  let current: Property[] | null = null;
  for (const property of propertiesOf(text)) {
    if (property.name === 'METHOD' && current === null) method = property.value;
    if (property.name === 'BEGIN' && property.value === 'VEVENT') current = [];
    else if (property.name === 'END' && property.value === 'VEVENT' && current !== null) {
      events.push(present(current, method));
      current = null;
    } else current?.push(property);
  }
  return events;
}

function present(properties: readonly Property[], method: string): CalendarEvent {
  const all = (name: string): Property[] => properties.filter((property) => property.name === name);
  const value = (name: string): string => all(name)[0]?.value ?? '';
  const isCancelled = value('STATUS').toUpperCase() === 'CANCELLED';
  const rows = [
    {
      label: s.attachments.calendar.when,
      value: [...all('DTSTART'), ...all('DTEND')].map(instant).join(' – '),
    },
    { label: s.attachments.calendar.repeats, value: all('RRULE').map(recurrence).join('; ') },
    { label: s.attachments.calendar.where, value: value('LOCATION') },
    { label: s.attachments.calendar.organizer, value: all('ORGANIZER').map(person).join(', ') },
    { label: s.attachments.calendar.people, value: all('ATTENDEE').map(attendee).join('\n') },
    { label: s.attachments.calendar.description, value: value('DESCRIPTION') },
  ];
  return {
    summary: value('SUMMARY'),
    kind: s.attachments.calendar.methods[isCancelled ? 'CANCEL' : method.toUpperCase()] ?? '',
    rows: rows.filter((row) => row.value !== ''),
  };
}
