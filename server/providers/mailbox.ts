/** Mailboxes (name and address) in the requests of providers. */
import { parseMailboxes } from '../message/address.ts';

export interface Mailbox {
  /** The display name; may be empty. */
  readonly name: string;
  readonly address: string;
}

/** Matches an address that SMTP can transfer: no blanks, control characters or angle brackets. */
// eslint-disable-next-line no-control-regex -- the expression excludes control characters
const ADDRESS = /^[^\s@<>,;\x00-\x1f\x7f]+@[^\s@<>,;\x00-\x1f\x7f]+$/;

/** Returns whether a text is one bare address such as `ann@example.test`. */
export const isAddress = (text: string): boolean => ADDRESS.test(text) && text.length <= 320;

/**
 * Returns the mailboxes of a text such as `Ann <ann@example.test>, bob@example.test`; `null` if one of the mailboxes is
 * not valid.
 */
export function mailboxesIn(text: string): readonly Mailbox[] | null {
  const found = parseMailboxes(text).map(({ name, address }) => ({ name, address }));
  // The parser accepts malformed mailboxes, because it is made for received mail. In a request, each part between
  // commas must be a mailbox.
  return found.length > 0 && found.every(({ address }) => isAddress(address)) ? found : null;
}

/** Returns the mailbox of a text that contains exactly one mailbox; `null` for any other text. */
export function mailboxIn(text: string): Mailbox | null {
  const [first, ...others] = mailboxesIn(text) ?? [];
  return first === undefined || others.length > 0 ? null : first;
}
