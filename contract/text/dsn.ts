/**
 * Composes delivery status notifications (RFC 3461, 3462, 3464): the reports of a mail server on the delivery
 * of a message.
 */
import { mailDate } from './date.ts';
import { decodeOriginalRecipient, decodeXtext } from './xtext.ts';

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface DsnRecipient {
  /** The address of the recipient as it was sent in RCPT. */
  readonly address: string;
  readonly action: DsnAction;
  /** The enhanced status code (RFC 3463), e.g. `5.1.1`. */
  readonly status: string;
  /** The reply of the remote server, or the reason why no server was contacted. */
  readonly diagnostic: string | null;
  /** The host name of the remote mail server. */
  readonly remoteMta?: string | null;
  /** The parameter ORCPT of the command RCPT as it was sent: `type;xtext`. */
  readonly originalRecipient?: string | null;
}

export interface Dsn {
  /** The host name of the server that writes the report. */
  readonly reportingMta: string;
  /** The recipient of the report: the envelope sender of the message, which must not be empty. */
  readonly to: string;
  readonly recipients: readonly DsnRecipient[];
  /** The bytes of the original message. */
  readonly original: Uint8Array;
  /** The Message-ID of the original message for the field In-Reply-To of the report; without angle brackets. */
  readonly originalId?: string | null;
  /**
   * The parameter RET of the command MAIL: whether the report contains the whole message (`FULL`) or only its
   * header (`HDRS`).
   */
  readonly ret: 'FULL' | 'HDRS';
  /** The parameter ENVID of the command MAIL as it was sent; `null` if absent. */
  readonly envelopeId: string | null;
  /** The time when the original message arrived, in milliseconds since the epoch. */
  readonly arrival?: number;
  /** The time when the report is written, in milliseconds since the epoch. */
  readonly date: number;
  /** Unpredictable letters and digits for the Message-ID and the MIME boundary of the report. */
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

/**
 * The possible actions of a mail server on a recipient (RFC 3464 §2.3.3), from the worst to the best. The order
 * determines which action the subject of the report names: the worst one.
 */
const order: readonly DsnAction[] = ['failed', 'delayed', 'relayed', 'expanded', 'delivered'];

// eslint-disable-next-line no-control-regex -- the range of ASCII includes control characters
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);
/** Returns a text without line breaks and other control characters, which decoded text can contain. */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

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

/**
 * Returns the bytes of the notification, which must be sent with a null reverse-path. A line break in a
 * member of `dsn` cannot add a line to the report. The original message is included unchanged.
 */
export function composeDsn(dsn: Dsn): Uint8Array<ArrayBuffer> {
  const { reportingMta, recipients, original, ret, envelopeId, arrival } = dsn;
  const worst =
    order.find((action) => recipients.some((recipient) => recipient.action === action)) ?? 'failed';
  const boundary = `=_report_${dsn.token}`;
  const status = [
    `Reporting-MTA: dns; ${reportingMta}`,
    ...(envelopeId === null ? [] : [`Original-Envelope-Id: ${oneLine(decodeXtext(envelopeId))}`]),
    ...(arrival === undefined ? [] : [`Arrival-Date: ${mailDate(arrival)}`]),
    ...recipients.flatMap(recipientFields),
    '',
  ];
  // A delivery status that contains non-ASCII characters has the media type message/global-delivery-status (RFC
  // 6533 §4).
  const international = !status.every(isAscii);
  const returned = ret === 'FULL' ? original : original.subarray(0, bodyStart(original));
  const head = [
    `From: Mail Delivery System <MAILER-DAEMON@${reportingMta}>`,
    `To: <${oneLine(dsn.to)}>`,
    `Subject: ${subjects[worst]}`,
    `Date: ${mailDate(dsn.date)}`,
    `Message-ID: <${dsn.token}@${reportingMta}>`,
    ...(dsn.originalId == null ? [] : [`In-Reply-To: <${oneLine(dsn.originalId)}>`]),
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
  const text = new TextEncoder();
  return concat(text.encode(head.join('\r\n')), returned, text.encode(`\r\n--${boundary}--\r\n`));
}

const LF = 10;
const CR = 13;

/**
 * Returns the offset of the body, which begins after the empty line that ends the header; for a message without
 * a body, returns the length of the message.
 */
function bodyStart(raw: Uint8Array): number {
  if (raw[0] === LF) return 1;
  if (raw[0] === CR && raw[1] === LF) return 2;
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) {
    if (raw[at + 1] === LF) return at + 2;
    if (raw[at + 1] === CR && raw[at + 2] === LF) return at + 3;
  }
  return raw.length;
}

function concat(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * Returns whether the value of the parameter NOTIFY (RFC 3461 §4.1) requests a notification of an action, such
 * as `failed`. Without NOTIFY, failures and delays are reported.
 */
export function asksNotice(notify: string | true | undefined, action: DsnAction): boolean {
  const asked = typeof notify === 'string' ? notify.toUpperCase().split(',') : ['FAILURE', 'DELAY'];
  if (action === 'failed') return asked.includes('FAILURE');
  return asked.includes(action === 'delayed' ? 'DELAY' : 'SUCCESS');
}
