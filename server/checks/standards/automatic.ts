/**
 * The standards rules about automatic messages: the header fields that mark them, and their empty
 * reverse-path (RFC 3834, RFC 5321 §4.5.5).
 */
import { decodeWords } from '../../message/header.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const KNOWN = /^(?:no|auto-generated|auto-replied|auto-notified)$/;
const LOOKS_AUTOMATIC =
  /^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|abwesenheit|automatische antwort|réponse automatique)\b/i;

export function* automaticFindings(message: CheckedMessage): Generator<Finding> {
  const [field] = message.headers('Auto-Submitted');
  const said = field?.value
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  if (field !== undefined && said !== undefined && !KNOWN.test(said)) {
    yield find('bad-auto-submitted', message.placeOfField(field), {
      message: `Auto-Submitted has the unknown value “${said.slice(0, 40)}”`,
    });
  }
  const [subject] = message.headers('Subject');
  if (subject !== undefined && field === undefined) {
    const text = decodeWords(subject.value.slice(0, 500));
    if (LOOKS_AUTOMATIC.test(text)) yield find('auto-reply-unmarked', message.placeOfField(subject));
  }
  const { root } = message.structure;
  const isReport = root.type === 'multipart' && root.subtype === 'report';
  if ((said === 'auto-replied' || isReport) && message.envelope.from.address !== '') {
    yield find('auto-reply-with-sender', field === undefined ? null : message.placeOfField(field));
  }
}
