/** Addresses in header fields (RFC 5322 §3.4): mailboxes, groups, and what real mail makes of them. */

/** One mailbox: decoded display name (may be empty) and address as written, without angle brackets. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}
