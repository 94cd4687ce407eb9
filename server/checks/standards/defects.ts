/** What the MIME parser had to forgive: each defect is a finding of the same id, at its place. */
import type { Finding } from '../../message/finding.ts';
import type { Defect } from '../../message/structure.ts';
import { findingsOf, type CheckRule } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';

const HELP =
  'Readers differ in what they make of it: build the message with a mail library, and let nothing rewrite it.';

const defect = (
  severity: CheckRule['severity'],
  message: string,
  reference: string,
  help = HELP,
): CheckRule => ({ severity, message, reference, help });

/** Of the parser's defects all but those that SMTP's lint tells at the capture (line ends, NUL). */
export const defectRules = {
  'missing-boundary': defect('error', 'A multipart names no boundary', 'RFC 2046 §5.1.1'),
  'boundary-not-found': defect('error', 'A multipart’s boundary never appears', 'RFC 2046 §5.1.1'),
  'missing-close-boundary': defect(
    'warning',
    'A multipart ends without its closing boundary',
    'RFC 2046 §5.1.1',
  ),
  'empty-multipart': defect('error', 'A multipart has no parts', 'RFC 2046 §5.1.1'),
  'encoded-multipart': defect('error', 'A multipart is encoded as a whole', 'RFC 2045 §6.4'),
  'encoded-message': defect('error', 'A message within is encoded as a whole', 'RFC 2046 §5.2.1'),
  'invalid-content-type': defect('error', 'A Content-Type names no type and subtype', 'RFC 2045 §5.1'),
  'unknown-encoding': defect('error', 'A transfer encoding is unknown', 'RFC 2045 §6.1'),
  'duplicate-header': defect('warning', 'A MIME field stands twice and differs', 'RFC 2045 §3'),
  'missing-header-end': defect('error', 'No empty line stands between header and body', 'RFC 5322 §2.1'),
  'malformed-header': defect('error', 'A line of a header is no field', 'RFC 5322 §2.2'),
  'header-not-utf8': defect(
    'error',
    'A header field has octets that are no text',
    'RFC 6532 §3.1',
    'Encode header text as RFC 2047 says.',
  ),
  'byte-order-mark': defect(
    'warning',
    'The message begins with a byte order mark',
    'RFC 5322 §2.2',
    'Write the message without one.',
  ),
  'mbox-from-line': defect(
    'warning',
    'The message begins with a separator line of mbox files',
    'RFC 4155',
    'Take the line out before sending.',
  ),
  'too-many-fields': defect(
    'warning',
    'The header has more fields than anybody reads',
    'RFC 5322 §3.6',
    'Send fewer.',
  ),
  'too-many-parts': defect(
    'warning',
    'The message has more parts than anybody reads',
    'RFC 2046 §5.1',
    'Send fewer.',
  ),
  'nested-too-deep': defect(
    'warning',
    'Parts are nested deeper than anybody reads',
    'RFC 2046 §5.1',
    'Nest less.',
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
