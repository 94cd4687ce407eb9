/** The security check finds dangerous content, and content that looks like phishing. */
import type { Finding } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { activeFindings } from './active.ts';
import { attachmentFindings } from './attachments.ts';
import { linkFindings } from './links.ts';
import { senderFindings } from './sender.ts';

/** The functions that yield the findings of the security check, one for each subject, such as attachments. */
const subjects: readonly ((message: CheckedMessage) => Iterable<Finding>)[] = [
  senderFindings,
  activeFindings,
  linkFindings,
  attachmentFindings,
];

export const security: StaticCheck = {
  name: 'security',
  run: (message) => ({
    findings: subjects.flatMap((subject) => [...subject(message)]),
    score: null,
    details: null,
  }),
};
