/** Converts messages to Mailpit's summaries and addresses. */
import type { MailAddress } from '../../message/address.ts';
import { PREVIEW_LENGTH } from '../../message/summary.ts';
import type { ListedMessage, MessageSummary } from '../../store/store.ts';

/** The version of Mailpit that the emulated API reports. Clients decide by the version which calls they use. */
export const MAILPIT_VERSION = 'v1.33.1';

export interface MailpitAddress {
  readonly Name: string;
  readonly Address: string;
}

/** The data that a summary and a message of Mailpit have in common. */
export interface MailpitCommon {
  readonly ID: string;
  readonly MessageID: string;
  readonly From: MailpitAddress;
  readonly To: readonly MailpitAddress[];
  readonly Cc: readonly MailpitAddress[];
  readonly Bcc: readonly MailpitAddress[];
  readonly ReplyTo: readonly MailpitAddress[];
  readonly Subject: string;
  readonly Username: string;
  readonly Tags: readonly string[];
  readonly Size: number;
}

export interface MailpitSummary extends MailpitCommon {
  readonly Read: boolean;
  readonly Created: string;
  readonly Attachments: number;
  readonly Snippet: string;
}

const addressOf = ({ name, address }: MailAddress): MailpitAddress => ({ Name: name, Address: address });
const NOBODY: MailpitAddress = { Name: '', Address: '' };

export const instant = (at: number): string => new Date(at).toISOString();

export function commonOf(summary: MessageSummary): MailpitCommon {
  const [from] = summary.from;
  return {
    ID: summary.id,
    MessageID: summary.messageId ?? '',
    From: from === undefined ? NOBODY : addressOf(from),
    To: summary.to.map(addressOf),
    Cc: summary.cc.map(addressOf),
    Bcc: summary.bcc.map(addressOf),
    ReplyTo: summary.replyTo.map(addressOf),
    Subject: summary.subject,
    Username: summary.user ?? '',
    Tags: summary.tags,
    Size: summary.size,
  };
}

export function summaryOf({ summary, seen }: ListedMessage): MailpitSummary {
  const { preview } = summary;
  return {
    ...commonOf(summary),
    Read: seen,
    Created: instant(summary.receivedAt),
    Attachments: summary.attachments,
    Snippet: preview.length < PREVIEW_LENGTH ? preview : `${preview}...`,
  };
}
