/**
 * The standards rules about lines: their length, and blank lines in folded header fields (RFC 5322 §2.1.1,
 * §3.2.2).
 */
import type { Finding } from '../../message/finding.ts';
import { MAX_READ, type CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const SHOULD = 78;
const LF = 10;
const CR = 13;

export function* lineFindings(message: CheckedMessage): Generator<Finding> {
  const raw = message.raw.subarray(0, MAX_READ);
  let first = -1;
  let count = 0;
  let start = 0;
  while (start < raw.length) {
    const feed = raw.indexOf(LF, start);
    const end = feed === -1 ? raw.length : feed;
    if (end - start - (raw[end - 1] === CR ? 1 : 0) > SHOULD) {
      if (first === -1) first = start;
      count++;
    }
    start = end + 1;
  }
  if (first !== -1) {
    yield find('long-line', message.placeAt(first), {
      message:
        count === 1 ? 'A line is longer than 78 characters' : `${count} lines are longer than 78 characters`,
    });
  }
  for (const field of message.structure.root.headers) {
    const written = message.raw.toString('latin1', field.start, Math.min(field.end, field.start + MAX_READ));
    const blank = /\n[ \t]+\r?(?:\n|$)/.exec(written);
    if (blank !== null) {
      yield find('blank-folded-line', {
        ...message.placeOfField(field),
        ...message.placeAt(field.start + blank.index + 1),
      });
    }
  }
}
