/** The fields that say a message goes to other recipients than it was written for (RFC 5322 §3.6.6). */
import { mailDate } from '../../contract/text/date.ts';

export interface Resending {
  readonly recipients: readonly string[];
  /** Makes the Resent-Message-ID unique and the same in every attempt: the release's id. */
  readonly release: string;
  /** When it was released, milliseconds since the epoch. */
  readonly at: number;
}

/** Recipients named in Resent-To; more are left out, as Bcc would. */
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
