/** The requests of webhooks in the form of Mailpit: the body is the summary of the message alone. */
import type { MessageSummary } from '../../store/store.ts';
import { MAILPIT_VERSION, summaryOf, type MailpitSummary } from './summary.ts';

export const mailpitWebhook = {
  userAgent: `Mailpit/${MAILPIT_VERSION.slice(1)}`,
  body: (summary: MessageSummary): MailpitSummary => summaryOf({ summary, seen: false, flagged: false }),
} as const;
