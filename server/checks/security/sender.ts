/**
 * The security rules about the sender: deceptive display names, look-alike domains, and replies that are sent
 * to another domain.
 */
import { decodeWords } from '../../message/header.ts';
import { parseMailboxes, type MailAddress } from '../../message/address.ts';
import type { Finding, FindingPlace } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { domainRule } from './links.ts';
import { find } from './catalogue.ts';

/**
 * Matches characters that can disguise a name: directional marks, overrides and isolates, and invisible
 * characters except the joiners that some scripts need.
 */
const DISGUISE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;
const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Whether two domains are equal or one is a subdomain of the other, as `mail.shop.test` is of `shop.test`. */
const isRelated = (a: string, b: string): boolean => a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);

function* mailboxFindings(
  header: string,
  { name, address }: MailAddress,
  place: FindingPlace,
): Generator<Finding> {
  const shown = decodeWords(name);
  const other = ADDRESS.exec(shown)?.[0];
  if (other !== undefined && other.toLowerCase() !== address.toLowerCase()) {
    yield find('address-in-display-name', place, {
      message: `${header} shows ${other} as the name of ${address}`,
    });
  }
  if (DISGUISE.test(shown)) yield find('disguised-display-name', place);
  const rule = address.includes('@') ? domainRule(domainOf(address)) : null;
  if (rule !== null)
    yield find(rule, place, { message: `The domain of ${address} may look like another domain` });
}

function* replyFindings(message: CheckedMessage): Generator<Finding> {
  const [from] = parseMailboxes(message.header('From') ?? '');
  const [field] = message.headers('Reply-To');
  const [reply] = parseMailboxes(field?.value ?? '');
  if (!from?.address.includes('@') || !reply?.address.includes('@') || field === undefined) return;
  if (!isRelated(domainOf(from.address), domainOf(reply.address))) {
    yield find('reply-elsewhere', message.placeOfField(field), {
      message: `From is at ${domainOf(from.address)}, but replies go to ${domainOf(reply.address)}`,
    });
  }
}

export function* senderFindings(message: CheckedMessage): Generator<Finding> {
  for (const header of ['From', 'Sender', 'Reply-To']) {
    for (const field of message.headers(header)) {
      for (const mailbox of parseMailboxes(field.value)) {
        yield* mailboxFindings(header, mailbox, message.placeOfField(field));
      }
    }
  }
  yield* replyFindings(message);
}
