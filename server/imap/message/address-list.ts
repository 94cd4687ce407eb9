/**
 * Address lists as ENVELOPE contains them (RFC 9051 §7.5.2): with groups, with names and mailboxes as written
 * in the header, and with encoded words that are not decoded. The MIME parser of the server (server/message)
 * parses the field, so that ENVELOPE contains the same addresses as the API and the web UI.
 */
import { readAddressList, type WrittenMailbox } from '../../message/address.ts';
import { list, nstring } from '../wire/encoder.ts';

/**
 * One entry of an address list. A group begins with an entry that has `mailbox` but no `host`, and ends with an
 * entry that has neither.
 */
interface EnvelopeAddress {
  readonly name: string | null;
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** Text in place of a missing host or mailbox, because NIL there would mean a group. */
const MISSING_HOST = 'MISSING_DOMAIN';
const MISSING_MAILBOX = 'MISSING_MAILBOX';

/** Removes the quotes from a local part. A header requires quotes around some local parts, ENVELOPE does not. */
const unquoted = (local: string): string =>
  local.startsWith('"') ? local.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : local;

function envelopeAddress({ name, route, address }: WrittenMailbox): EnvelopeAddress {
  const at = address.endsWith('"') ? -1 : address.lastIndexOf('@');
  const mailbox = unquoted(at === -1 ? address : address.slice(0, at));
  const host = at === -1 ? '' : address.slice(at + 1);
  return { name: name || null, route, mailbox: mailbox || MISSING_MAILBOX, host: host || MISSING_HOST };
}

/**
 * Matches a field that contains one address without a name. Most address fields match this expression or `NAMED`,
 * and need no full parsing.
 */
const ALONE = /^<?([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>?$/;
/** Matches a field that contains one address after a simple name without quotes. */
const NAMED = /^([\w=?.'-]+(?: [\w=?.'-]+)*) <([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>$/;

function parsePlain(value: string): EnvelopeAddress | null {
  const [, mailbox = '', host = ''] = ALONE.exec(value) ?? [];
  if (host !== '') return { name: null, route: null, mailbox, host };
  const [, name = '', local = '', domain = ''] = NAMED.exec(value) ?? [];
  return domain === '' ? null : { name, route: null, mailbox: local, host: domain };
}

/** Parses the unfolded value of an address field. */
export function parseAddressList(value: string): EnvelopeAddress[] {
  const plain = parsePlain(value);
  if (plain !== null) return [plain];
  return readAddressList(value).flatMap((entry) =>
    'members' in entry
      ? [
          { name: null, route: null, mailbox: entry.name || MISSING_MAILBOX, host: null },
          ...entry.members.map(envelopeAddress),
          { name: null, route: null, mailbox: null, host: null },
        ]
      : [envelopeAddress(entry)],
  );
}

/** Encodes the address list of an ENVELOPE field (`env-from` and similar): addresses in parentheses, or NIL. */
export function encodeAddressList(addresses: readonly EnvelopeAddress[]): string {
  if (addresses.length === 0) return 'NIL';
  const entries = addresses.map(({ name, route, mailbox, host }) =>
    list([nstring(name), nstring(route), nstring(mailbox), nstring(host)]),
  );
  return `(${entries.join('')})`;
}
