/**
 * The standards rules about bulk mail: unsubscription (RFC 2369, RFC 8058) and the identifier of the mailing
 * list (RFC 2919).
 */
import type { Finding } from '../../message/finding.ts';
import type { HeaderField } from '../../message/structure.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const READ = 10_000;
const ONE_CLICK = /^list-unsubscribe\s*=\s*one-click$/i;
const UNSUBSCRIBE = 'List-Unsubscribe';
const POST = 'List-Unsubscribe-Post';

const addressesIn = (value: string): string[] =>
  [...value.slice(0, READ).matchAll(/<\s*([^<>\s]+)\s*>/g)].map(([, address = '']) => address);

/**
 * Whether a DKIM signature covers both header fields of one-click unsubscription; `null` if the message is
 * not signed.
 */
function isSigned(message: CheckedMessage): boolean | null {
  const signatures = message.headers('DKIM-Signature');
  if (signatures.length === 0) return null;
  return signatures.some(({ value }) => {
    const covered = /(?:^|;)\s*h\s*=([^;]*)/i.exec(value.slice(0, READ))?.[1] ?? '';
    const names = covered.split(':').map((name) => name.replace(/\s/g, '').toLowerCase());
    return [UNSUBSCRIBE, POST].every((name) => names.includes(name.toLowerCase()));
  });
}

function* oneClickFindings(message: CheckedMessage, post: HeaderField, secure: boolean): Generator<Finding> {
  const where = message.placeOfField(post);
  if (!ONE_CLICK.test(post.value.slice(0, READ).trim())) yield find('bad-one-click', where);
  if (!secure) yield find('one-click-without-address', where);
  else if (isSigned(message) === false) yield find('one-click-not-signed', where);
}

export function* listFindings(message: CheckedMessage): Generator<Finding> {
  const [unsubscribe] = message.headers(UNSUBSCRIBE);
  const [post] = message.headers(POST);
  const addresses = unsubscribe === undefined ? [] : addressesIn(unsubscribe.value);
  const secure = addresses.some((address) => /^https:/i.test(address));
  if (unsubscribe !== undefined) {
    const where = message.placeOfField(unsubscribe);
    if (!addresses.some((address) => /^[a-z][a-z0-9+.-]*:/i.test(address)))
      yield find('bad-list-unsubscribe', where);
    if (addresses.some((address) => /^http:/i.test(address)))
      yield find('list-unsubscribe-without-tls', where);
    if (post === undefined) yield find('one-click-missing', where);
  }
  if (post !== undefined) yield* oneClickFindings(message, post, secure);
  const [listId] = message.headers('List-Id');
  if (listId !== undefined && !/<[^\s<>]+>/.test(listId.value.slice(0, READ))) {
    yield find('bad-list-id', message.placeOfField(listId));
  }
  const [precedence] = message.headers('Precedence');
  const bulk = /^\s*(?:bulk|list)\s*$/i.test(precedence?.value ?? '') ? precedence : listId;
  if (bulk !== undefined && unsubscribe === undefined) {
    yield find('bulk-without-unsubscribe', message.placeOfField(bulk));
  }
}
