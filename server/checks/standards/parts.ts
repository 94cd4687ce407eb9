/**
 * The standards rules about the MIME version, alternative parts, attachments and file names (RFC 2045, 2046,
 * 2183).
 */
import { bodiesOf } from '../../message/bodies.ts';
import { partNumber, partsOf } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { MimePart } from '../../message/structure.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

function* versionFindings(message: CheckedMessage): Generator<Finding> {
  const [version] = message.headers('MIME-Version');
  const content = message.structure.root.headers.find(({ name }) => /^content-/i.test(name));
  if (version === undefined) {
    if (content !== undefined) yield find('missing-mime-version', message.placeOfField(content));
  } else if (version.value.replace(/\([^()]*\)/g, '').replace(/\s/g, '') !== '1.0') {
    yield find('bad-mime-version', message.placeOfField(version));
  }
}

const isPlain = ({ type, subtype }: MimePart): boolean => type === 'text' && subtype === 'plain';

function* alternativeFindings(message: CheckedMessage, part: MimePart): Generator<Finding> {
  const [only, second] = part.children;
  if (only !== undefined && second === undefined) yield find('single-alternative', message.placeOfPart(part));
  const plain = part.children.findIndex(isPlain);
  const late = part.children[plain];
  if (plain > 0 && late !== undefined) yield find('alternative-order', message.placeOfPart(late));
  for (const child of part.children) {
    // A calendar invitation may be both an alternative of the text body and an attachment, so an attachment of
    // the type text/calendar is not reported here.
    if (child.disposition !== 'attachment' || child.subtype === 'calendar') continue;
    yield find('attachment-in-alternative', message.placeOfPart(child));
  }
}

/** Returns the undecoded values of a part's header fields that contain the file name. */
function writtenName(part: MimePart): string {
  const fields = part.headers.filter(({ name }) => /^content-(?:type|disposition)$/i.test(name));
  return fields.map(({ value }) => value).join(' ');
}

function* attachmentFindings(message: CheckedMessage): Generator<Finding> {
  for (const { part, inline } of bodiesOf(message.structure).attachments) {
    const where = message.placeOfPart(part);
    const number = partNumber(part);
    if (part.filename === null) {
      // The machine-readable parts of delivery reports need no file names (RFC 3462).
      if (!inline && part.type !== 'message' && part.subtype !== 'rfc822-headers') {
        yield find('nameless-attachment', where, { message: `Part ${number} has no file name` });
      }
      continue;
    }
    if (/[/\\]/.test(part.filename)) yield find('path-in-filename', where);
    // eslint-disable-next-line no-control-regex -- the expression must find characters outside ASCII
    if (/[^\x00-\x7f]/.test(writtenName(part))) yield find('filename-not-encoded', where);
  }
}

export function* partFindings(message: CheckedMessage): Generator<Finding> {
  yield* versionFindings(message);
  for (const part of partsOf(message.structure.root)) {
    if (part.type === 'multipart' && part.subtype === 'alternative')
      yield* alternativeFindings(message, part);
  }
  yield* attachmentFindings(message);
}
