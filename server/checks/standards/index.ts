/** The standards check: where a message departs from RFC 5322, the MIME RFCs and those about lists and replies. */
import type { Finding } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { defectFindings } from './defects.ts';

/** One file per subject; each gives the findings of its rules. */
const subjects: readonly ((message: CheckedMessage) => Iterable<Finding>)[] = [defectFindings];

export const standards: StaticCheck = {
  name: 'standards',
  run: (message) => ({
    findings: subjects.flatMap((subject) => [...subject(message)]),
    score: null,
    details: null,
  }),
};
