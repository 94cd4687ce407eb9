/**
 * The standards check finds violations of RFC 5322, of the MIME RFCs, and of the RFCs about mailing lists and
 * replies.
 */
import type { Finding } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { addressFindings } from './addresses.ts';
import { automaticFindings } from './automatic.ts';
import { charsetFindings } from './charsets.ts';
import { dateFindings } from './dates.ts';
import { defectFindings } from './defects.ts';
import { encodedWordFindings } from './encoded-words.ts';
import { encodingFindings } from './encodings.ts';
import { idFindings } from './ids.ts';
import { lineFindings } from './lines.ts';
import { listFindings } from './lists.ts';
import { partFindings } from './parts.ts';
import { replyFindings } from './replies.ts';

/** The functions that yield the findings of the standards check, one for each subject, such as date fields. */
const subjects: readonly ((message: CheckedMessage) => Iterable<Finding>)[] = [
  defectFindings,
  dateFindings,
  idFindings,
  addressFindings,
  encodedWordFindings,
  charsetFindings,
  encodingFindings,
  partFindings,
  lineFindings,
  listFindings,
  automaticFindings,
  replyFindings,
];

export const standards: StaticCheck = {
  name: 'standards',
  run: (message) => ({
    findings: subjects.flatMap((subject) => [...subject(message)]),
    score: null,
    details: null,
  }),
};
