/** The finding of a check that did not finish its work. */
import type { Finding } from '../message/finding.ts';

/** Makes that finding; `message` names the unfinished work. */
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
