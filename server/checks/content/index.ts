/**
 * The content check finds mistakes that the readers of the message notice, such as broken images and
 * placeholders.
 */
import type { Finding } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { bodyFindings } from './bodies.ts';
import { imageFindings } from './images.ts';
import { leakFindings } from './leaks.ts';
import { linkFindings } from './links.ts';
import { attachmentFindings, subjectFindings } from './subject.ts';
import { tagFindings } from './tags.ts';
import { unreadableFindings } from './unreadable.ts';

/** The functions that yield the findings of the content check, one for each subject, such as links or images. */
const subjects: readonly ((message: CheckedMessage) => Iterable<Finding>)[] = [
  subjectFindings,
  leakFindings,
  linkFindings,
  bodyFindings,
  imageFindings,
  attachmentFindings,
  tagFindings,
  unreadableFindings,
];

export const content: StaticCheck = {
  name: 'content',
  run: (message) => ({
    findings: subjects.flatMap((subject) => [...subject(message)]),
    score: null,
    details: null,
  }),
};
