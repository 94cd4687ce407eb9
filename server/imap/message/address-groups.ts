/**
 * Finds the groups in address fields (RFC 5322 §3.4). A message's summary contains only addresses, but SEARCH
 * also finds the name of a group, and SORT uses the name of a group that is first in the field (RFC 5256 §3).
 */
import { parseAddressList } from './address-list.ts';
import { fieldValue, headerFields } from './header-block.ts';

export const ADDRESS_FIELDS = ['from', 'to', 'cc', 'bcc'] as const;
export type AddressField = (typeof ADDRESS_FIELDS)[number];

/**
 * The address fields that contain a group, each with the name of the group at the start of the field; the name is
 * `null` if the field begins with another entry.
 */
export type AddressGroups = ReadonlyMap<AddressField, string | null>;

const NONE: AddressGroups = new Map();

/** Returns the address fields with groups. @param header the header from its first octet to its empty line */
export function addressGroups(header: Buffer): AddressGroups {
  let groups: Map<AddressField, string | null> | null = null;
  for (const field of headerFields(header)) {
    const name = ADDRESS_FIELDS.find((known) => known === field.name);
    if (name === undefined || !header.subarray(field.valueStart, field.end).includes(':')) continue;
    const addresses = parseAddressList(fieldValue(header, field));
    const [first] = addresses;
    // In the parsed list, a group begins with an entry that has a mailbox but no host.
    if (first === undefined || !addresses.some(({ host }) => host === null)) continue;
    groups ??= new Map();
    if (!groups.has(name)) groups.set(name, first.host === null ? first.mailbox : null);
  }
  return groups ?? NONE;
}
