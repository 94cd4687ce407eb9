/**
 * Converts the defects that the MIME parser found and tolerated to findings whose rules have the names of the
 * defects.
 */
import type { Finding } from '../../message/finding.ts';
import type { Defect } from '../../message/structure.ts';
import { findingsOf, type CheckRule } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';

const HELP =
  'Mail programs handle this differently: build the message with a mail library, and do not rewrite it afterwards.';

const defect = (
  severity: CheckRule['severity'],
  message: string,
  reference: string,
  help = HELP,
): CheckRule => ({ severity, message, reference, help });

/**
 * The rules for the defects that the MIME parser finds in a message, except the defects that the protocol check
 * reports at capture (line ends, NUL).
 */
export const defectRules = {
  'missing-boundary': defect('error', 'A multipart has no boundary parameter', 'RFC 2046 §5.1.1'),
  'boundary-not-found': defect(
    'error',
    'The boundary of a multipart does not occur in its body',
    'RFC 2046 §5.1.1',
  ),
  'missing-close-boundary': defect(
    'warning',
    'A multipart ends without its closing boundary',
    'RFC 2046 §5.1.1',
  ),
  'empty-multipart': defect('error', 'A multipart has no parts', 'RFC 2046 §5.1.1'),
  'encoded-multipart': defect('error', 'A multipart is encoded as a whole', 'RFC 2045 §6.4'),
  'encoded-message': defect('error', 'An embedded message is encoded as a whole', 'RFC 2046 §5.2.1'),
  'invalid-content-type': defect('error', 'A Content-Type has no type and subtype', 'RFC 2045 §5.1'),
  'unknown-encoding': defect('error', 'A transfer encoding is unknown', 'RFC 2045 §6.1'),
  'duplicate-header': defect('warning', 'A MIME field occurs twice with different values', 'RFC 2045 §3'),
  'missing-header-end': defect('error', 'The empty line between header and body is missing', 'RFC 5322 §2.1'),
  'malformed-header': defect('error', 'A line of a header is not a field', 'RFC 5322 §2.2'),
  'header-not-utf8': defect(
    'error',
    'A header field has octets that are not valid UTF-8',
    'RFC 6532 §3.1',
    'Encode header text according to RFC 2047.',
  ),
  'byte-order-mark': defect(
    'warning',
    'The message begins with a byte order mark',
    'RFC 5322 §2.2',
    'Remove the byte order mark.',
  ),
  'mbox-from-line': defect(
    'warning',
    'The message begins with a separator line of mbox files',
    'RFC 4155',
    'Remove the line before sending.',
  ),
  'too-many-fields': defect(
    'warning',
    'The header has more fields than mail programs read',
    'RFC 5322 §3.6',
    'Send fewer fields.',
  ),
  'too-many-parts': defect(
    'warning',
    'The message has more parts than mail programs read',
    'RFC 2046 §5.1',
    'Send fewer parts.',
  ),
  'nested-too-deep': defect(
    'warning',
    'Parts are nested deeper than mail programs read',
    'RFC 2046 §5.1',
    'Use fewer levels of parts.',
  ),
} as const satisfies Readonly<Record<string, CheckRule>>;

type DefectRule = keyof typeof defectRules;
const find = findingsOf<DefectRule>('standards', defectRules);
const isRule = (code: Defect['code']): code is DefectRule => Object.hasOwn(defectRules, code);

export function* defectFindings(message: CheckedMessage): Generator<Finding> {
  for (const { code, message: sentence, offset } of message.structure.defects) {
    if (isRule(code)) yield find(code, message.placeAt(offset), { message: sentence.replace(/\.$/, '') });
  }
}
