/** Date fields (RFC 5322 §3.3): readable, written as they should be, right, and near the time the message came. */
import { parseZonedDate } from '../../message/date.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY_AND_TIME = String.raw`^(?:(?:mon|tue|wed|thu|fri|sat|sun)\s*,\s*)?\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+`;
const STRICT = new RegExp(`${DAY_AND_TIME}\\d{4,}\\s+\\d{2}:\\d{2}(?::\\d{2})?\\s+[+-]\\d{4}$`, 'i');
const OBSOLETE = new RegExp(
  `${DAY_AND_TIME}\\d{2,}\\s+\\d{2}:\\d{2}(?::\\d{2})?\\s+(?:[+-]\\d{4}|ut|gmt|[ecmp][sd]t|[a-ik-z])$`,
  'i',
);
const DAY = 86_400_000;
/** Characters of a date that are looked at. */
const READ = 200;

function* oneDate(message: CheckedMessage, name: string): Generator<Finding> {
  for (const field of message.headers(name)) {
    const place = (): ReturnType<typeof message.placeOfField> => message.placeOfField(field);
    const value = field.value.slice(0, READ);
    const date = parseZonedDate(value);
    if (date === null) {
      yield find('bad-date', place(), { message: `${field.name} names no day and time` });
      continue;
    }
    const bare = value.replace(/\([^()]*\)/g, ' ').trim();
    if (!STRICT.test(bare)) yield find(OBSOLETE.test(bare) ? 'obsolete-date' : 'date-format', place());
    const named = /^([a-z]{3})/i.exec(bare)?.[1]?.toLowerCase() ?? '';
    const real = DAYS[new Date(date.at + date.offset * 60_000).getUTCDay()] ?? '';
    if (DAYS.includes(named) && named !== real && /^[a-z]+\s*,/i.test(bare)) {
      yield find('wrong-weekday', place());
    }
    const { receivedAt } = message;
    if (name !== 'Date' || receivedAt === null) continue;
    if (date.at > receivedAt + DAY) yield find('date-in-future', place());
    else if (date.at < receivedAt - 7 * DAY) yield find('date-in-past', place());
  }
}

export function* dateFindings(message: CheckedMessage): Generator<Finding> {
  yield* oneDate(message, 'Date');
  yield* oneDate(message, 'Resent-Date');
}
