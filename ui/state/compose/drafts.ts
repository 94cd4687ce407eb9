/** Creates the drafts of a new message, a reply and a forwarded message. */
import type { Address, Detail } from '../../../contract/index.ts';
import { addressKey, formatMailbox } from '../../../contract/text/address.ts';
import { fullTime, personName } from '../../format.ts';
import { strings as s } from '../../strings.ts';
import { account } from '../shared/place.ts';

export interface Draft {
  /** The purpose of the draft: `new`, or the kind of answer and the id of the message that it answers. */
  readonly key: string;
  readonly title: string;
  from: string;
  to: string;
  cc: string;
  bcc: string;
  subject: string;
  text: string;
  /** The HTML body; empty for a message without HTML. */
  html: string;
  inReplyTo: string | null;
  references: readonly string[];
  attachments: readonly DraftAttachment[];
  /**
   * The forwarded message; its attachments are added to the draft when they are loaded. Null for other drafts.
   */
  readonly forwarded: Detail | null;
}

export interface DraftAttachment {
  readonly filename: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export function newDraft(): Draft {
  return {
    key: 'new',
    title: s.compose.title,
    from: '',
    to: '',
    cc: '',
    bcc: '',
    subject: '',
    text: '',
    html: '',
    inReplyTo: null,
    references: [],
    attachments: [],
    forwarded: null,
  };
}

const prefixed = (prefix: string, subject: string): string =>
  new RegExp(`^${prefix}:`, 'i').test(subject) ? subject : `${prefix}: ${subject}`;

const idsOf = (header: string): string[] =>
  [...header.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? '');

/**
 * Returns the address from which the reply is sent: the current account if it is a recipient, otherwise the
 * first recipient.
 */
function readerOf({ to, cc, bcc, envelope }: Detail): Address {
  const all = [...to, ...cc, ...bcc];
  const own = all.find(({ address }) => addressKey(address) === addressKey(account.value));
  return own ?? to[0] ?? bcc[0] ?? { name: '', address: envelope.to[0] ?? '' };
}

/** Returns a draft of a reply to the author (RFC 5322 §3.6.4). */
export function replyTo(message: Detail): Draft {
  const author = message.replyTo[0] ?? message.from[0];
  const earlier = message.headers.find(({ name }) => name.toLowerCase() === 'references')?.value ?? '';
  const quoted = (message.text ?? message.preview)
    .trim()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  const when = fullTime(message.date ?? message.receivedAt);
  return {
    ...newDraft(),
    key: `reply ${message.id}`,
    title: s.compose.reply,
    from: formatMailbox(readerOf(message)),
    to: author === undefined ? message.envelope.from : formatMailbox(author),
    subject: prefixed('Re', message.subject),
    text: `\n\n${s.compose.quoted(author === undefined ? message.envelope.from : personName(author), when)}\n${quoted.join('\n')}\n`,
    inReplyTo: message.messageId,
    references: [...idsOf(earlier), ...(message.messageId === null ? [] : [message.messageId])],
  };
}

/**
 * Returns the recipients of a reply to all except the author: each recipient once, without the replying address
 * and without Bcc recipients.
 */
export function othersOf(message: Detail): readonly Address[] {
  const author = message.replyTo[0] ?? message.from[0];
  const taken = new Set([readerOf(message), author].map((one) => addressKey(one?.address ?? '')));
  return [...message.to, ...message.cc].filter((one) => {
    const key = addressKey(one.address);
    const isNew = !taken.has(key);
    taken.add(key);
    return isNew;
  });
}

/** Returns a draft of a reply to the author and the other recipients. */
export const replyToAll = (message: Detail): Draft => ({
  ...replyTo(message),
  key: `reply-all ${message.id}`,
  title: s.compose.replyAll,
  cc: othersOf(message).map(formatMailbox).join(', '),
});

/** Returns a draft of a forwarded message, with the text of the original message. */
export function forward(message: Detail): Draft {
  const head = [
    `${s.message.from}: ${message.from.map(formatMailbox).join(', ')}`,
    `${s.message.to}: ${message.to.map(formatMailbox).join(', ')}`,
    `${s.message.date}: ${fullTime(message.date ?? message.receivedAt)}`,
    `${s.compose.subject}: ${message.subject}`,
  ];
  return {
    ...newDraft(),
    key: `forward ${message.id}`,
    title: s.compose.forward,
    forwarded: message,
    from: formatMailbox(readerOf(message)),
    subject: prefixed('Fwd', message.subject),
    text: `\n\n---- ${s.compose.forwarded} ----\n${head.join('\n')}\n\n${message.text ?? message.preview}`,
  };
}

/** Returns a draft that has the whole original message as an attachment. */
export const forwardAttached = (message: Detail, raw: Uint8Array): Draft => ({
  ...newDraft(),
  key: `forward-attached ${message.id}`,
  title: s.compose.forward,
  from: formatMailbox(readerOf(message)),
  subject: prefixed('Fwd', message.subject),
  attachments: [{ filename: `${message.id}.eml`, type: 'message/rfc822', bytes: raw }],
});
