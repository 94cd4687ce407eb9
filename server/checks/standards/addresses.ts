/**
 * The standards rules about address fields: their syntax, and which fields are required (RFC 5322 §3.4,
 * §3.6.2, §3.6.3; RFC 6531).
 */
import { domainToASCII } from 'node:url';
import { isGroup, parseAddressList, parseMailboxes } from '../../message/address.ts';
import type { Finding } from '../../message/finding.ts';
import type { HeaderField } from '../../message/structure.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const FIELDS = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Resent-From',
  'Resent-Sender',
  'Resent-To',
  'Resent-Cc',
];
/** The maximum number of characters of an address field that are read. */
const READ = 100_000;
/** The maximum number of findings for one address field. */
const MANY = 5;
const LOCAL_PART = /^(?:[^\s<>@"(),:;\\[\].]+(?:\.[^\s<>@"(),:;\\[\].]+)*|"(?:[^"\\]|\\.)*")$/u;
const LABELS = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;
const LITERAL = /^\[(?:IPv6:[0-9a-f:.]+|\d{1,3}(?:\.\d{1,3}){3})\]$/i;

// eslint-disable-next-line no-control-regex -- the expression must match all ASCII characters
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** Yields each rule that an address violates, with a sentence that describes the violation. */
function* faultsOf(address: string): Generator<readonly [Parameters<typeof find>[0], string]> {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  const asDomain = isAscii(domain) ? domain : domainToASCII(domain);
  if (at < 1 || !LOCAL_PART.test(local) || !(LABELS.test(asDomain) || LITERAL.test(asDomain))) {
    yield ['bad-address', `“${address.slice(0, 80)}” is not a valid address`];
    return;
  }
  if (Buffer.byteLength(local) > 64 || Buffer.byteLength(address) > 254) {
    yield ['address-too-long', `“${address.slice(0, 80)}…” is longer than servers accept`];
  }
  if (!isAscii(local))
    yield ['internationalized-address', `Only servers with SMTPUTF8 deliver to ${address}`];
  if (!isAscii(domain)) yield ['unencoded-domain', `servers look up ${domain} as ${asDomain}`];
}

function* fieldFindings(message: CheckedMessage, field: HeaderField): Generator<Finding> {
  const value = field.value.slice(0, READ);
  const entries = parseAddressList(value);
  if (entries.length === 0) {
    // Of the address fields, only Bcc may be empty (RFC 5322 §3.6.3).
    if (field.name.toLowerCase() !== 'bcc') yield find('empty-address-field', message.placeOfField(field));
    return;
  }
  let found = 0;
  for (const entry of entries) {
    for (const { name, address } of isGroup(entry) ? entry.members : [entry]) {
      for (const [rule, sentence] of faultsOf(address === '' ? name : address)) {
        if (++found > MANY) return;
        yield find(rule, message.placeOfField(field), { message: `${field.name}: ${sentence}` });
      }
    }
  }
}

export function* addressFindings(message: CheckedMessage): Generator<Finding> {
  for (const name of FIELDS) for (const field of message.headers(name)) yield* fieldFindings(message, field);
  const [from] = message.headers('From');
  const [sender] = message.headers('Sender');
  if (from !== undefined && sender === undefined && parseMailboxes(from.value.slice(0, READ)).length > 1) {
    yield find('sender-missing', message.placeOfField(from));
  }
  if (sender !== undefined && parseMailboxes(sender.value.slice(0, READ)).length > 1) {
    yield find('several-senders', message.placeOfField(sender));
  }
  const [bcc] = message.headers('Bcc');
  if (bcc !== undefined && bcc.value.trim() !== '') yield find('bcc-left', message.placeOfField(bcc));
  if (!['To', 'Cc', 'Bcc'].some((name) => message.headers(name).length > 0)) yield find('no-recipient-field');
}
