/**
 * The standards rules about the identifiers of messages and parts, and about references to them (RFC 5322
 * §3.6.4, RFC 2045 §7).
 */
import { decodeWords } from '../../message/header.ts';
import { partsOf } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const ID = /^<[^\s<>@"(),:;\\[\]]+@(?:[^\s<>@"(),:;\\[\]]+|\[[^\s[\]\\]*\])>$/;
const LOCAL = /@(?:[^.[]+|.*\.(?:local|localdomain|localhost|internal|lan))>$/i;
/** The maximum number of characters of a header field that are read. */
const READ = 20_000;
/** The maximum number of message identifiers that are checked in one header field. */
const MANY = 200;

const idsIn = (value: string): string[] =>
  value
    .slice(0, READ)
    .split(/\s+|(?<=>),?(?=<)/)
    .filter((word) => word !== '')
    .slice(0, MANY);

function* referenceFindings(message: CheckedMessage, own: string | null): Generator<Finding> {
  for (const name of ['In-Reply-To', 'References']) {
    for (const field of message.headers(name)) {
      const ids = idsIn(field.value);
      const bad = ids.find((id) => !ID.test(id));
      if (bad !== undefined || ids.length === 0) {
        yield find('bad-reference', message.placeOfField(field), {
          message: `${field.name} ${bad === undefined ? 'is empty' : `has “${bad.slice(0, 80)}”, which is not a message identifier`}`,
        });
      }
      if (own !== null && ids.includes(own)) yield find('self-reference', message.placeOfField(field));
    }
  }
}

function* contentIdFindings(message: CheckedMessage): Generator<Finding> {
  const seen = new Map<string, string>();
  for (const part of partsOf(message.structure.root)) {
    const field = part.headers.find(({ name }) => name.toLowerCase() === 'content-id');
    if (field === undefined) continue;
    const place = { ...message.placeOfPart(part), ...message.placeOfField(field) };
    if (!/^<[^\s<>]+>$/.test(field.value.slice(0, READ))) yield find('bad-content-id', place);
    const id = part.contentId ?? '';
    const other = seen.get(id);
    if (other !== undefined) {
      yield find('duplicate-content-id', place, { message: `Part ${other} has the same Content-ID` });
    }
    seen.set(id, part.path);
  }
}

export function* idFindings(message: CheckedMessage): Generator<Finding> {
  const [field] = message.headers('Message-ID');
  const own = field?.value.slice(0, READ).trim() ?? null;
  if (field !== undefined && own !== null) {
    if (!ID.test(own)) yield find('bad-message-id', message.placeOfField(field));
    else if (LOCAL.test(own)) yield find('local-message-id', message.placeOfField(field));
  }
  yield* referenceFindings(message, own);
  const [subject] = message.headers('Subject');
  const answers = /^(?:re|aw|sv|antw|rép)\s*:/i.test(decodeWords(subject?.value.slice(0, 200) ?? '').trim());
  if (
    answers &&
    subject !== undefined &&
    !['In-Reply-To', 'References'].some((name) => message.header(name))
  ) {
    yield find('reply-without-reference', message.placeOfField(subject));
  }
  yield* contentIdFindings(message);
}
