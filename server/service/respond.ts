/** Composes the mail that a recipient or its mail server sends back: replies, delivery reports and complaints. */
import { randomBytes } from 'node:crypto';
import type { Compose } from '../../contract/index.ts';
import { badRequest } from '../../contract/problems.ts';
import { mailDate } from '../../contract/text/date.ts';
import { composeDsn, type DsnAction } from '../../contract/text/dsn.ts';
import { headerText, headerValues, parseHeaders } from '../message/header.ts';
import type { StoredMessage } from '../store/store.ts';
import { composeMessage } from './compose.ts';

/** The host name in generated reports: a name that is reserved for tests (RFC 2606). */
const HOST = 'restante.test';

/** A message that is sent to the application under test. */
export interface Response {
  readonly raw: Buffer;
  readonly from: string;
  readonly to: readonly string[];
}

export interface ReplyWish {
  readonly text: string;
  readonly html?: string | undefined;
  /** The sender; by default the first recipient of the message. */
  readonly from?: string | undefined;
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

function firstRecipient({ envelope, to }: StoredMessage): string {
  const address = envelope.to[0] ?? to[0]?.address;
  if (address === undefined) throw badRequest('The message has no recipient: name a sender in `from`');
  return address;
}

/** Composes a reply in the same thread (RFC 5322 §3.6.4) to Reply-To or, without that field, to From. */
export async function composeReply(
  message: StoredMessage,
  original: Buffer,
  { text, html, from = firstRecipient(message) }: ReplyWish,
): Promise<Response> {
  const to = message.replyTo.length > 0 ? message.replyTo : message.from;
  if (to.length === 0) throw badRequest('The message has no sender to reply to');
  const { messageId, subject } = message;
  const headers = parseHeaders(original);
  const before =
    headerValues({ headers }, 'References')
      .join(' ')
      .match(/<[^<>\s]+>/g) ?? [];
  const thread =
    messageId === null ? {} : { inReplyTo: `<${messageId}>`, references: [...before, `<${messageId}>`] };
  const mail: Compose = {
    from,
    to: to.map((address) => ({ ...address })),
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
    text,
    ...(html === undefined ? {} : { html }),
    ...thread,
  };
  return { raw: await composeMessage(mail), from, to: to.map(({ address }) => address) };
}

/** Returns the address to which reports about a message are sent. Throws for the null sender (RFC 5321 §4.5.5). */
function reportAddress({ envelope }: StoredMessage): string {
  if (envelope.from !== '') return envelope.from;
  throw badRequest('The message has the null sender, to which no report may be sent (RFC 5321 §4.5.5)');
}

export interface BounceWish {
  readonly action: Extract<DsnAction, 'failed' | 'delayed'>;
  /** The enhanced status code (RFC 3463). */
  readonly status?: string | undefined;
  readonly diagnostic?: string | undefined;
  /** The recipient to report; by default all recipients of the message. */
  readonly recipient?: string | undefined;
}

/** Composes a report on the failed or delayed delivery of a message (RFC 3464). */
export function composeBounce(
  message: StoredMessage,
  original: Buffer,
  { action, status, diagnostic, recipient }: BounceWish,
  now: number,
): Response {
  const to = reportAddress(message);
  const code = status ?? (action === 'failed' ? '5.1.1' : '4.4.1');
  if (!/^[245]\.\d{1,3}\.\d{1,3}$/.test(code))
    throw badRequest(`status: ${code} is not a status such as 5.1.1`);
  const said =
    diagnostic ??
    `${action === 'failed' ? '550' : '451'} ${code} ${action === 'failed' ? 'User unknown' : 'Try later'}`;
  const recipients = recipient === undefined ? message.envelope.to : [recipient];
  const envelopeId = message.fullEnvelope.from.parameters['ENVID'];
  const report = composeDsn({
    reportingMta: HOST,
    to,
    recipients: recipients.map((address) => ({ address, action, status: code, diagnostic: said })),
    original,
    originalId: message.messageId,
    ret: 'HDRS',
    envelopeId: typeof envelopeId === 'string' ? envelopeId : null,
    date: now,
    token: randomBytes(12).toString('hex'),
  });
  return { raw: Buffer.from(report.buffer), from: '', to: [to] };
}

/** Composes a complaint about a message: the report that a mailbox provider sends for spam (RFC 5965). */
export function composeComplaint(message: StoredMessage, original: Buffer, now: number): Response {
  const to = reportAddress(message);
  const recipient = firstRecipient(message);
  const token = randomBytes(12).toString('hex');
  const boundary = `=_complaint_${token}`;
  const subject = oneLine(headerText({ headers: parseHeaders(original) }, 'Subject') ?? '');
  const lines = [
    `From: Abuse reports <abuse@${HOST}>`,
    `To: <${oneLine(to)}>`,
    `Subject: FW: ${subject.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: <${token}@${HOST}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    `This is an email abuse report for a message received on ${mailDate(message.receivedAt)}.`,
    '',
    `--${boundary}`,
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Restante/1',
    'Version: 1',
    `Original-Mail-From: <${oneLine(to)}>`,
    `Original-Rcpt-To: <${oneLine(recipient)}>`,
    `Arrival-Date: ${mailDate(message.receivedAt)}`,
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    '',
  ];
  const raw = Buffer.concat([
    Buffer.from(lines.join('\r\n')),
    original,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { raw, from: `abuse@${HOST}`, to: [to] };
}
