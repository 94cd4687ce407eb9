/**
 * The standards rules about reply addresses (RFC 5322 §3.6.2), and about header fields that only receiving
 * servers may write (RFC 5321 §4.4).
 */
import { parseMailboxes } from '../../message/address.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const READ = 100_000;
const NO_REPLY = /^(?:no|do-?not)[-_.]?reply\b/i;
const RECEIVERS = /^(?:authentication-results|x-spam-(?:status|flag|score|level))$/i;

const namedIn = (message: CheckedMessage, name: string): string[] =>
  message
    .headers(name)
    .flatMap(({ value }) => parseMailboxes(value.slice(0, READ)))
    .map(({ address }) => address.toLowerCase());

export function* replyFindings(message: CheckedMessage): Generator<Finding> {
  const [field] = message.headers('Reply-To');
  const [sender] = message.headers('From');
  const replies = namedIn(message, 'Reply-To');
  const from = namedIn(message, 'From');
  if (field !== undefined && replies.length > 0) {
    const to = new Set(namedIn(message, 'To'));
    if (replies.join() === from.join()) yield find('reply-to-oneself', message.placeOfField(field));
    else if (replies.some((address) => to.has(address) && !from.includes(address))) {
      yield find('reply-to-recipient', message.placeOfField(field));
    }
  }
  const [answered = ''] = replies.length > 0 ? replies : from;
  const where = replies.length > 0 ? field : sender;
  if (NO_REPLY.test(answered) && where !== undefined) {
    yield find('no-reply', message.placeOfField(where), {
      message: `Replies go to ${answered.slice(0, 80)}, which looks like an address that nobody reads`,
    });
  }
  const [returnPath] = message.headers('Return-Path');
  if (returnPath !== undefined) yield find('return-path-sent', message.placeOfField(returnPath));
  const trace = message.structure.root.headers.find(({ name }) => RECEIVERS.test(name));
  if (trace !== undefined) yield find('trace-forged', message.placeOfField(trace));
}
