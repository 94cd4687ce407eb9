/** Mailboxes (name and address) in the requests of providers. */

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
