/** The rules of the spam check itself, by their ids; the spam filters add their own rules. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  spam: {
    severity: 'error',
    message: 'A filter classifies the message as spam',
    reference: null,
    help: 'Correct the problems of the rules with the most points.',
  },
  'filter-down': {
    severity: 'warning',
    message: 'A filter cannot be reached',
    reference: null,
    help: 'Start the filter, or correct --check-spamd or --check-rspamd.',
  },
  'filter-slow': {
    severity: 'warning',
    message: 'A filter did not answer in time',
    reference: null,
    help: 'Increase the timeout of the check, or find out what the filter waits for, often unreachable DNS lists.',
  },
  'filter-answer': {
    severity: 'warning',
    message: 'A filter sent an invalid answer',
    reference: null,
    help: 'Check the address of the filter, and read its log.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

type SpamRule = keyof typeof rules;
export const find = findingsOf<SpamRule>('spam', rules);
