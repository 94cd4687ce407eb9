/** What the MIME parser had to forgive: each defect is a finding of the same id, at its place. */
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';

export function* defectFindings(message: CheckedMessage): Generator<Finding> {
  for (const { code, message: sentence, offset } of message.structure.defects) {
    yield {
      check: 'standards',
      rule: code,
      severity: 'warning',
      message: sentence.replace(/\.$/, ''),
      where: message.placeAt(offset),
      reference: 'RFC 2045, RFC 2046, RFC 5322',
      help: 'Readers differ in what they make of it: build the message with a mail library, and let nothing rewrite it.',
    };
  }
}
