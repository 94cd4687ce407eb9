/** The finding that stands in the place of work a check left undone. */
import type { Finding } from '../message/finding.ts';

/** Said in the place of a check's own findings when it could not do all of its work. */
export function cutShort(check: string, message: string): Finding {
  return {
    check,
    rule: 'cut-short',
    severity: 'warning',
    message,
    where: null,
    reference: null,
    help: 'Send less: no reader gets that far either.',
  };
}
