/** What the spam check may find; the rules of the filters themselves keep their names behind the filter's. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  spam: {
    severity: 'error',
    message: 'A filter takes the message for spam',
    reference: null,
    help: 'Look at the rules with the most points below, and mend what they name.',
  },
  'filter-down': {
    severity: 'warning',
    message: 'A filter cannot be reached',
    reference: null,
    help: 'Start it, or mend --check-spamd or --check-rspamd.',
  },
  'filter-slow': {
    severity: 'warning',
    message: 'A filter did not answer in time',
    reference: null,
    help: 'Give the check more time, or look at what the filter waits for: often DNS lists that cannot be reached.',
  },
  'filter-answer': {
    severity: 'warning',
    message: 'A filter gave an answer that cannot be understood',
    reference: null,
    help: 'Look whether the address is that of the filter, and at its log.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

type SpamRule = keyof typeof rules;
export const find = findingsOf<SpamRule>('spam', rules);
