/**
 * Address lists as ENVELOPE has them (RFC 9051 §7.5.2): groups kept, names and mailboxes as written, encoded words left
 * encoded. The message module takes the field apart, so that ENVELOPE has the addresses that every other door has.
 */
import { readAddressList, type WrittenMailbox } from '../../message/address.ts';
import { list, nstring } from '../wire/encoder.ts';

/** One entry; a group begins with a `mailbox` without `host` and ends with neither. */
export interface EnvelopeAddress {
  readonly name: string | null;
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** What stands for a part that the header lacks: NIL would mean a group. */
const MISSING_HOST = 'MISSING_DOMAIN';
const MISSING_MAILBOX = 'MISSING_MAILBOX';

/** A local part without the quotes that a header needs and IMAP does not. */
const unquoted = (local: string): string =>
  local.startsWith('"') ? local.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : local;

function envelopeAddress({ name, route, address }: WrittenMailbox): EnvelopeAddress {
  const at = address.endsWith('"') ? -1 : address.lastIndexOf('@');
  const mailbox = unquoted(at === -1 ? address : address.slice(0, at));
  const host = at === -1 ? '' : address.slice(at + 1);
  return { name: name || null, route, mailbox: mailbox || MISSING_MAILBOX, host: host || MISSING_HOST };
}

/** What most headers hold: one address, alone or after a plain name. */
const ALONE = /^<?([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>?$/;
const NAMED = /^([\w=?.'-]+(?: [\w=?.'-]+)*) <([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>$/;

function parsePlain(value: string): EnvelopeAddress | null {
  const [, mailbox = '', host = ''] = ALONE.exec(value) ?? [];
  if (host !== '') return { name: null, route: null, mailbox, host };
  const [, name = '', local = '', domain = ''] = NAMED.exec(value) ?? [];
  return domain === '' ? null : { name, route: null, mailbox: local, host: domain };
}

/** Reads the value of an address header, unfolded. */
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

/** `env-from` and its like: a list of addresses, or NIL. */
export function encodeAddressList(addresses: readonly EnvelopeAddress[]): string {
  if (addresses.length === 0) return 'NIL';
  const entries = addresses.map(({ name, route, mailbox, host }) =>
    list([nstring(name), nstring(route), nstring(mailbox), nstring(host)]),
  );
  return `(${entries.join('')})`;
}
