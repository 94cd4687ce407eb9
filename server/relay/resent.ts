/**
 * Composes the header fields of a message that is sent to recipients for whom it was not captured (RFC 5322
 * §3.6.6).
 */
import { mailDate } from '../../contract/text/date.ts';

export interface Resending {
  readonly recipients: readonly string[];
  /** The id of the release. It makes the field Resent-Message-ID unique, and identical in every attempt. */
  readonly release: string;
  /** The time of the release in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The maximum number of recipients in the field Resent-To; further recipients are omitted, like Bcc
 * recipients.
 */
const MAX_NAMED = 20;

export function resentFields({ recipients, release, at }: Resending, hostname: string): string {
  const named = recipients.slice(0, MAX_NAMED).map((address) => `<${address}>`);
  return [
    `Resent-Date: ${mailDate(at)}`,
    `Resent-From: Restante <restante@${hostname}>`,
    `Resent-To: ${named.join(',\r\n\t')}`,
    `Resent-Message-ID: <${release}.resent@${hostname}>`,
    '',
  ].join('\r\n');
}
