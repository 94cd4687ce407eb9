/** A delivery status notification (RFC 3464): what a mail server sends back when it cannot deliver. */
import type { Message } from './message.ts';

export interface BounceOptions {
  /** Enhanced status code (RFC 3463); 5.1.1, no such mailbox, when absent. */
  readonly status?: string;
  /** The SMTP reply that the far server gave. */
  readonly diagnostic?: string;
  readonly action?: 'failed' | 'delayed';
  /** The server that tells; `restante.test` when absent. */
  readonly reportingMta?: string;
  /** Returns the whole message, not its header alone. */
  readonly full?: boolean;
}

const crlf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

/** @param raw bytes of the message that is returned */
export function deliveryReport(
  message: Message,
  raw: Uint8Array,
  recipient: string,
  options: BounceOptions,
): string {
  const { action = 'failed', reportingMta = 'restante.test', full = false } = options;
  const status = options.status ?? (action === 'failed' ? '5.1.1' : '4.4.1');
  const code = status.startsWith('4') ? '450' : '550';
  const diagnostic =
    options.diagnostic ?? `${code} ${status} ${action === 'failed' ? 'User unknown' : 'Try later'}`;
  const original = new TextDecoder('latin1').decode(raw);
  const returned = full ? original : `${original.split(/\r?\n\r?\n/, 1)[0] ?? ''}\r\n`;
  const boundary = `=_restante_${message.id}`;
  const parameters = message.envelope.parameters;
  const named = message.envelope.to.findIndex((to) => to.toLowerCase() === recipient.toLowerCase());
  const orcpt = parameters.to[named]?.['ORCPT'];
  const envid = parameters.from['ENVID'];
  const says =
    action === 'failed'
      ? 'Your message could not be delivered, and no further attempt will be made.'
      : 'Your message could not be delivered yet. Attempts go on; nothing need be done.';
  return [
    crlf([
      `From: Mail Delivery System <MAILER-DAEMON@${reportingMta}>`,
      `To: <${message.envelope.from}>`,
      `Subject: ${action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)'}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${message.id}.dsn@${reportingMta}>`,
      ...(message.messageId === null ? [] : [`In-Reply-To: <${message.messageId}>`]),
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      says,
      '',
      `<${recipient}>: ${diagnostic}`,
      '',
      `--${boundary}`,
      'Content-Type: message/delivery-status',
      '',
      ...(typeof envid === 'string' ? [`Original-Envelope-Id: ${envid}`] : []),
      `Reporting-MTA: dns; ${reportingMta}`,
      '',
      ...(typeof orcpt === 'string' ? [`Original-Recipient: ${orcpt}`] : []),
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${diagnostic}`,
      '',
      `--${boundary}`,
      `Content-Type: ${full ? 'message/rfc822' : 'text/rfc822-headers'}`,
      '',
    ]),
    returned,
    crlf(['', `--${boundary}--`]),
  ].join('');
}
