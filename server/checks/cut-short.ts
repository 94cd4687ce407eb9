/** Makes the finding that reports that a check did not finish its work. */
import type { Finding } from '../message/finding.ts';

/** Makes the finding for an unfinished check; `message` describes which work is unfinished. */
export function cutShort(check: string, message: string): Finding {
  return {
    check,
    rule: 'cut-short',
    severity: 'warning',
    message,
    where: null,
    reference: null,
    help: 'Shorten the message: mail programs have limits too.',
  };
}
