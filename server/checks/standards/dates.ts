/**
 * The standards rules about date fields: their syntax, their weekday, and their distance from the time of
 * capture (RFC 5322 §3.3).
 */
import { parseZonedDate, type ZonedDate } from '../../message/date.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find, type StandardsRule } from './catalogue.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY_AND_TIME = String.raw`^(?:(?:mon|tue|wed|thu|fri|sat|sun)\s*,\s*)?\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+`;
const STRICT = new RegExp(`${DAY_AND_TIME}\\d{4,}\\s+\\d{2}:\\d{2}(?::\\d{2})?\\s+[+-]\\d{4}$`, 'i');
const OBSOLETE = new RegExp(
  `${DAY_AND_TIME}\\d{2,}\\s+\\d{2}:\\d{2}(?::\\d{2})?\\s+(?:[+-]\\d{4}|ut|gmt|[ecmp][sd]t|[a-ik-z])$`,
  'i',
);
const DAY = 86_400_000;
/** The maximum number of characters of a date field that are read. */
const READ = 200;

/** Returns the rule that the syntax of a date violates; `null` if the date has the syntax of RFC 5322. */
function formRule(bare: string): StandardsRule | null {
  if (STRICT.test(bare)) return null;
  return OBSOLETE.test(bare) ? 'obsolete-date' : 'date-format';
}

/** Whether a date field names the wrong day of the week for its date. */
function hasWrongWeekday(bare: string, { at, offset }: ZonedDate): boolean {
  const named = /^([a-z]{3})/i.exec(bare)?.[1]?.toLowerCase() ?? '';
  const real = DAYS[new Date(at + offset * 60_000).getUTCDay()] ?? '';
  return DAYS.includes(named) && named !== real && /^[a-z]+\s*,/i.test(bare);
}

/**
 * Returns the rule that a date violates if it is far from the time of capture; otherwise `null`. Both times
 * are in milliseconds since the epoch.
 */
function distanceRule(at: number, receivedAt: number): StandardsRule | null {
  if (at > receivedAt + DAY) return 'date-in-future';
  return at < receivedAt - 7 * DAY ? 'date-in-past' : null;
}

/** Yields the findings about every date field with the given name. */
function* fieldFindings(message: CheckedMessage, name: string): Generator<Finding> {
  for (const field of message.headers(name)) {
    const value = field.value.slice(0, READ);
    const date = parseZonedDate(value);
    if (date === null) {
      yield find('bad-date', message.placeOfField(field), {
        message: `${field.name} is not a valid date`,
      });
      continue;
    }
    const bare = value.replace(/\([^()]*\)/g, ' ').trim();
    const rules = [formRule(bare), hasWrongWeekday(bare, date) ? ('wrong-weekday' as const) : null];
    if (name === 'Date' && message.receivedAt !== null) rules.push(distanceRule(date.at, message.receivedAt));
    for (const rule of rules) if (rule !== null) yield find(rule, message.placeOfField(field));
  }
}

export function* dateFindings(message: CheckedMessage): Generator<Finding> {
  yield* fieldFindings(message, 'Date');
  yield* fieldFindings(message, 'Resent-Date');
}
