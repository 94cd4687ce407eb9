/** Who the message says it is from: display names that deceive, domains that look like others, answers elsewhere. */
import { decodeWords } from '../../message/header.ts';
import { parseMailboxes, type MailAddress } from '../../message/address.ts';
import type { Finding, FindingPlace } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { domainRule } from './links.ts';
import { find } from './catalogue.ts';

/** Right-to-left overrides and isolates, and characters without width but for the joiners that scripts need. */
const DISGUISE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;
const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** `mail.shop.test` and `shop.test` belong together. */
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
      message: `${header} shows ${other}, and is from ${address}`,
    });
  }
  if (DISGUISE.test(shown)) yield find('disguised-display-name', place);
  const rule = address.includes('@') ? domainRule(domainOf(address)) : null;
  if (rule !== null) yield find(rule, place, { message: `The domain of ${address} may look like another` });
}

function* replyFindings(message: CheckedMessage): Generator<Finding> {
  const [from] = parseMailboxes(message.header('From') ?? '');
  const [field] = message.headers('Reply-To');
  const [reply] = parseMailboxes(field?.value ?? '');
  if (!from?.address.includes('@') || !reply?.address.includes('@') || field === undefined) return;
  if (!isRelated(domainOf(from.address), domainOf(reply.address))) {
    yield find('reply-elsewhere', message.placeOfField(field), {
      message: `From is ${domainOf(from.address)}, answers go to ${domainOf(reply.address)}`,
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
