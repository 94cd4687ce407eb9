/**
 * The store's identifiers and numbers, as branded types: the compiler reports an error when one kind is used in
 * place of another.
 */
import { canonicalAddress } from '../message/canonical-address.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A message's id: 1–32 characters of `[0-9a-z]`, assigned by the store, sortable by time, safe as a file name. */
export type MessageId = Brand<string, 'MessageId'>;

/** A mailbox's id, assigned by the store, never used twice (OBJECTID's MAILBOXID, RFC 8474). */
export type MailboxId = Brand<string, 'MailboxId'>;

/** An account's name: an address in its canonical form, or `all`. */
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
