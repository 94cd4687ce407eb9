/**
 * Sends mail from an inbox to the application in one of three ways: into the sandbox, where the application
 * reads the mail by IMAP or POP3; by SMTP; or by an HTTP POST, as services for inbound mail do. The library
 * nodemailer composes the message; it is loaded when the first mail is sent.
 */
import type { Compose } from '../contract/index.ts';
import { addressKey } from '../contract/text/address.ts';
import type { Client } from './client.ts';
import { deliveryReport, type BounceOptions } from './bounce.ts';
import type { ForwardMail, OriginalMessage, OutboundMail, ReplyMail, Sent, Via } from './outbound-types.ts';

interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export async function send(client: Client, mail: Compose, via?: Via): Promise<Sent> {
  if (via === undefined) return client.compose(mail);
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js');
  const { to: given, cc, bcc, replyTo, ...rest } = mail;
  const addressed = { to: given ?? [], cc: cc ?? [], bcc: bcc ?? [], replyTo: replyTo ?? [] };
  const node = new MailComposer({ ...rest, ...addressed, attachments: attachmentsOf(mail) }).compile();
  const { from, to } = { ...node.getEnvelope(), ...mail.envelope };
  return deliver(await node.build(), { from: from === false ? '' : from, to }, via);
}

/**
 * Returns the recipients of a message's envelope that belong to an inbox: the address of the inbox and its
 * sub-addresses. If no recipient belongs to the inbox, returns all recipients: the inbox is then `all`, or
 * the account of the user who logged in to the SMTP session.
 */
export function recipientsFor(address: string, { envelope }: OriginalMessage): readonly string[] {
  const [, local = '', domain = ''] = /^(.*)(@.*)$/.exec(addressKey(address)) ?? [];
  const own = envelope.to.filter((recipient) => {
    const key = addressKey(recipient);
    return key === `${local}${domain}` || (key.startsWith(`${local}+`) && key.endsWith(domain));
  });
  return own.length > 0 ? own : envelope.to;
}

/**
 * Returns a reply to a message, in the same thread (RFC 5322 §3.6.4). The recipient is the address in
 * Reply-To or, without that field, the sender.
 */
export function replyTo(message: OriginalMessage, mail: ReplyMail): OutboundMail {
  const { messageId, subject } = message;
  const before = (message.headers.get('References') ?? '').match(/<[^<>]+>/g) ?? [];
  const thread = { inReplyTo: `<${messageId ?? ''}>`, references: [...before, `<${messageId ?? ''}>`] };
  return {
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
    ...mail,
    to: mail.to ?? [...(message.replyTo.length > 0 ? message.replyTo : message.from)],
    ...(messageId === null ? {} : thread),
  };
}

/**
 * Returns a mail that forwards a message as an attachment.
 * @param raw the bytes of the forwarded message
 */
export function forwardOf(message: OriginalMessage, raw: Uint8Array, mail: ForwardMail): Compose {
  const { subject } = message;
  const original = {
    filename: 'forwarded.eml',
    content: asBuffer(raw).toString('base64'),
    type: 'message/rfc822',
  };
  return {
    from: message.envelope.to[0] ?? message.to[0]?.address ?? '',
    subject: /^fwd?:/i.test(subject) ? subject : `Fwd: ${subject}`,
    text: '',
    ...mail,
    attachments: [original, ...(mail.attachments ?? [])],
  };
}

/**
 * Sends a report to the envelope sender of a message. The report states that the message could not be
 * delivered; it is sent with a null reverse-path (RFC 3464, RFC 5321 §4.5.5).
 */
export async function bounce(
  client: Client,
  message: OriginalMessage,
  recipients: readonly string[],
  options: BounceOptions,
  via?: Via,
): Promise<Sent> {
  const to = message.envelope.from;
  if (to === '') throw new Error('A message from the null sender must not be returned (RFC 5321 §4.5.5)');
  const raw = deliveryReport(message, await message.raw(), recipients, options);
  if (via === undefined) return client.submit(raw, { from: '', to });
  return deliver(raw, { from: '', to: [to] }, via);
}

async function deliver(raw: Uint8Array, { from, to }: Envelope, via: Via): Promise<Sent> {
  if ('http' in via) {
    const response = await fetch(via.http, {
      method: 'POST',
      body: new Uint8Array(raw),
      headers: {
        'content-type': 'message/rfc822',
        'x-envelope-from': from,
        'x-envelope-to': to.join(', '),
        ...via.headers,
      },
    });
    const reply = `${response.status} ${await response.text()}`.trim();
    if (!response.ok) throw new Error(`The application refused the message: ${reply}`);
    return { id: null, reply };
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport(new URL(via.smtp).href);
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: [...to] }, raw: asBuffer(raw) });
    return { id: null, reply: response };
  } finally {
    transport.close();
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const attachmentsOf = ({ attachments = [] }: Compose) =>
  attachments.map(({ filename, content, type, contentId }) => ({
    filename,
    content: Buffer.from(content, 'base64'),
    ...(type !== undefined && { contentType: type }),
    ...(contentId !== undefined && { cid: contentId }),
  }));
