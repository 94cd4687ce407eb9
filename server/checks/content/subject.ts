/** The content rules about the subject, and about attachments that the text mentions but that are missing. */
import { bodiesOf } from '../../message/bodies.ts';
import { decodeWords } from '../../message/header.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { visibleText } from '../html.ts';
import { find } from './catalogue.ts';

/**
 * The maximum length of a subject in characters: the recommended maximum length of a header line (RFC 5322
 * §2.1.1).
 */
const LONG = 78;
/** The maximum number of characters of a subject or a body that are read. */
const READ = 20_000;

/** Phrases that announce an attachment, in several languages. */
const PROMISE =
  /\b(?:(?:is|are|find|see|have|i['’]ve|we['’]ve)\s+(?:\w+\s+)?attached|attached (?:is|are|you|please|file|pdf|invoice|document)|in the attachment|im anhang|anbei|ci-joint|en pièce jointe|adjunto)\b/i;

/** Returns the number of code points, which is nearly the number of visible characters. */
const lengthOf = (text: string): number => Array.from(text).length;

export function* subjectFindings(message: CheckedMessage): Generator<Finding> {
  const [field] = message.headers('Subject');
  const subject = field === undefined ? '' : decodeWords(field.value.slice(0, READ)).trim();
  if (subject === '') {
    yield find('empty-subject', field === undefined ? null : message.placeOfField(field));
  } else if (field !== undefined && lengthOf(subject) > LONG) {
    yield find('long-subject', message.placeOfField(field), {
      message: `The subject has ${lengthOf(subject)} characters`,
    });
  }
}

export function* attachmentFindings(message: CheckedMessage): Generator<Finding> {
  if (bodiesOf(message.structure).attachments.some(({ inline }) => !inline)) return;
  for (const body of message.texts) {
    const own = body.text.slice(0, READ).replace(/^>.*$/gm, (line) => ' '.repeat(line.length));
    const match = PROMISE.exec(own);
    if (match === null) continue;
    yield find('missing-attachment', body.placeOf(match.index, match.index + match[0].length));
    return;
  }
  const [html] = message.htmls;
  if (message.texts.length > 0 || html === undefined) return;
  if (PROMISE.test(visibleText(html.document).slice(0, READ)))
    yield find('missing-attachment', html.placeOf(0));
}
