/**
 * Composes delivery status notifications (RFC 3464), which a mail server sends back when it cannot deliver a
 * message.
 */
import { composeDsn } from '../contract/text/dsn.ts';
import type { OriginalMessage } from './outbound-types.ts';

export interface BounceOptions {
  /** The enhanced status code (RFC 3463); by default 5.1.1 (no such mailbox), or 4.4.1 if `action` is `delayed`. */
  readonly status?: string;
  /** The SMTP reply of the remote server, which the report quotes. */
  readonly diagnostic?: string;
  readonly action?: 'failed' | 'delayed';
  /**
   * The recipient that could not be reached; by default all recipients of the message that belong to the inbox.
   */
  readonly recipient?: string;
  /** The host name of the reporting server; by default `restante.test`. */
  readonly reportingMta?: string;
  /** Whether the report contains the whole message or only its header; by default only the header. */
  readonly full?: boolean;
}

/**
 * Returns the bytes of the report. The returned message is included in the report unchanged, even if its
 * character set is unknown.
 *
 * @param raw the bytes of the returned message
 */
export function deliveryReport(
  message: OriginalMessage,
  raw: Uint8Array,
  recipients: readonly string[],
  options: BounceOptions,
): Uint8Array {
  const { action = 'failed', reportingMta = 'restante.test', full = false } = options;
  const status = options.status ?? (action === 'failed' ? '5.1.1' : '4.4.1');
  const code = status.startsWith('4') ? '450' : '550';
  const diagnostic =
    options.diagnostic ?? `${code} ${status} ${action === 'failed' ? 'User unknown' : 'Try later'}`;
  const { from, to, parameters } = message.envelope;
  const orcptOf = (recipient: string): string | null => {
    const named = to.findIndex((each) => each.toLowerCase() === recipient.toLowerCase());
    return textOf(parameters.to[named]?.['ORCPT']);
  };
  return composeDsn({
    reportingMta,
    to: from,
    recipients: recipients.map((address) => ({
      address,
      action,
      status,
      diagnostic,
      originalRecipient: orcptOf(address),
    })),
    original: raw,
    originalId: message.messageId,
    ret: full ? 'FULL' : 'HDRS',
    envelopeId: textOf(parameters.from['ENVID']),
    date: Date.now(),
    token: `${message.id}.dsn`,
  });
}

const textOf = (value: string | true | undefined): string | null =>
  typeof value === 'string' ? value : null;
