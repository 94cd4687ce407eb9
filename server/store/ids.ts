/**
 * Types for the ids and numbers of the store, such as message ids and UIDs. They are branded types, so the
 * compiler reports an error when one kind is used in place of another.
 */
import { canonicalAddress } from '../message/canonical-address.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/**
 * Id of a message: 1 to 32 characters of `[0-9a-z]`, assigned by the store, sortable by time, safe as a file
 * name.
 */
export type MessageId = Brand<string, 'MessageId'>;

/**
 * Id of a mailbox, assigned by the store and never used twice (MAILBOXID of the IMAP extension OBJECTID, RFC
 * 8474).
 */
export type MailboxId = Brand<string, 'MailboxId'>;

/** Name of an account: an address in its canonical form, or `all`. */
export type AccountName = Brand<string, 'AccountName'>;

/** Unique identifier (UID) of a message in a mailbox (RFC 9051 §2.3.1.1): 1 to 2^32 − 1, strictly ascending. */
export type Uid = Brand<number, 'Uid'>;

/**
 * The store's change number (seq): ascending, one number for each change, never reused. API calls that wait and
 * event streams use it as their cursor. MODSEQ (RFC 7162) of a message in a mailbox is the seq of the last
 * change to it.
 */
export type Seq = Brand<number, 'Seq'>;

/** The account that receives every message. Deleting a message from this account deletes the message everywhere. */
export const ALL = 'all' as AccountName;

/** Returns the name of the account for an address or a login name in any spelling. */
export const accountName = (address: string): AccountName => canonicalAddress(address) as AccountName;
