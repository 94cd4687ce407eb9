/** Delivery status notifications (RFC 3461, 3462, 3464): says of each recipient what became of the message. */
import { bodyStartOf } from './body-start.ts';
import { decodeOriginalRecipient, decodeXtext } from './xtext.ts';

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface DsnRecipient {
  /** As sent in RCPT. */
  readonly address: string;
  readonly action: DsnAction;
  /** Enhanced status code, e.g. `5.1.1`. */
  readonly status: string;
  /** What the remote server said, or why it was never asked; one line. */
  readonly diagnostic: string | null;
  /** The server that said so. */
  readonly remoteMta?: string | null;
  /** ORCPT as sent, `type;xtext`. */
  readonly originalRecipient?: string | null;
}

export interface Dsn {
  /** Name of this server. */
  readonly reportingMta: string;
  /** Who is told: the reverse-path of the message; never empty. */
  readonly to: string;
  readonly recipients: readonly DsnRecipient[];
  /** The message it is about. */
  readonly original: Buffer;
  /** RET of MAIL: the whole message, or its header. */
  readonly ret: 'FULL' | 'HDRS';
  /** ENVID of MAIL, as sent. */
  readonly envelopeId: string | null;
  readonly arrival: Date;
  readonly date: Date;
  /** Unpredictable letters and digits: makes Message-ID and boundary. */
  readonly token: string;
}

const subjects: Readonly<Record<DsnAction, string>> = {
  failed: 'Undelivered mail returned to sender',
  delayed: 'Delivery of your mail is delayed',
  delivered: 'Your mail was delivered',
  relayed: 'Your mail was relayed',
  expanded: 'Your mail was delivered to a list',
};

const sentences: Readonly<Record<DsnAction, string>> = {
  failed: 'could not be delivered to',
  delayed: 'could not be delivered yet to',
  delivered: 'was delivered to',
  relayed: 'was relayed, to a server that sends no such notices, for',
  expanded: 'was delivered to the list',
};

/** From the worst to the best: the subject speaks of the worst. */
const order: readonly DsnAction[] = ['failed', 'delayed', 'relayed', 'expanded', 'delivered'];

// eslint-disable-next-line no-control-regex
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);
/** Without line breaks and other controls: what was encoded may hold any. */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
/** `Mon, 23 Nov 2026 10:00:00 +0000` */
const rfcDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

function recipientFields(recipient: DsnRecipient): string[] {
  const { address, action, status, diagnostic, remoteMta, originalRecipient } = recipient;
  return [
    '',
    ...(originalRecipient
      ? [`Original-Recipient: ${oneLine(decodeOriginalRecipient(originalRecipient))}`]
      : []),
    `Final-Recipient: ${isAscii(address) ? 'rfc822' : 'utf-8'}; ${oneLine(address)}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(remoteMta ? [`Remote-MTA: dns; ${oneLine(remoteMta)}`] : []),
    ...(diagnostic === null ? [] : [`Diagnostic-Code: smtp; ${oneLine(diagnostic)}`]),
  ];
}

function explanation({ recipients, reportingMta }: Dsn): string[] {
  const lines = recipients.flatMap(({ address, action, status, diagnostic }) => [
    `Your message ${sentences[action]}`,
    '',
    `    ${oneLine(address)}`,
    '',
    ...(diagnostic === null ? [`    ${status}`] : [`    ${oneLine(diagnostic)}`]),
    '',
  ]);
  return [`This is the mail system at ${reportingMta}.`, '', ...lines];
}

/** The notification's bytes; its envelope has the null reverse-path. Nothing given makes a line of its own. */
export function composeDsn(dsn: Dsn): Buffer {
  const { reportingMta, recipients, original, ret, envelopeId } = dsn;
  const worst =
    order.find((action) => recipients.some((recipient) => recipient.action === action)) ?? 'failed';
  const boundary = `=_report_${dsn.token}`;
  const status = [
    `Reporting-MTA: dns; ${reportingMta}`,
    ...(envelopeId === null ? [] : [`Original-Envelope-Id: ${oneLine(decodeXtext(envelopeId))}`]),
    `Arrival-Date: ${rfcDate(dsn.arrival)}`,
    ...recipients.flatMap(recipientFields),
    '',
  ];
  // RFC 6533 §4: beyond ASCII the status is of another type.
  const international = !status.every(isAscii);
  const returned = ret === 'FULL' ? original : original.subarray(0, bodyStartOf(original));
  const head = [
    `From: Mail Delivery System <MAILER-DAEMON@${reportingMta}>`,
    `To: <${oneLine(dsn.to)}>`,
    `Subject: ${subjects[worst]}`,
    `Date: ${rfcDate(dsn.date)}`,
    `Message-ID: <${dsn.token}@${reportingMta}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...explanation(dsn),
    `--${boundary}`,
    `Content-Type: message/${international ? 'global-' : ''}delivery-status`,
    ...(international ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    ...status,
    `--${boundary}`,
    `Content-Type: ${ret === 'FULL' ? 'message/rfc822' : 'text/rfc822-headers'}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), returned, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** Whether NOTIFY (RFC 3461 §4.1) asks for a notice of this; without it failures and delays are told. */
export function asksNotice(notify: string | true | undefined, action: DsnAction): boolean {
  const asked = typeof notify === 'string' ? notify.toUpperCase().split(',') : ['FAILURE', 'DELAY'];
  if (action === 'failed') return asked.includes('FAILURE');
  return asked.includes(action === 'delayed' ? 'DELAY' : 'SUCCESS');
}
