/**
 * The store's identifiers and numbers, as branded types so that the compiler detects when one is used for another.
 */
import { canonicalAddress } from '../message/canonical-address.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A message's id: 1–32 characters of `[0-9a-z]`, assigned by the store, sortable by time, safe in a path. */
export type MessageId = Brand<string, 'MessageId'>;

/** A mailbox's id, assigned by the store, never used twice (OBJECTID's MAILBOXID, RFC 8474). */
export type MailboxId = Brand<string, 'MailboxId'>;

/** An account's name: an address in its canonical form, or `all`. */
export type AccountName = Brand<string, 'AccountName'>;

/** Unique identifier of a placement in its mailbox (RFC 9051 §2.3.1.1): 1 to 2^32 − 1, strictly ascending. */
export type Uid = Brand<number, 'Uid'>;

/**
 * The store's change number: ascending, one for each change, never reused; the cursor for waits and streams. MODSEQ
 * (RFC 7162) is the seq of the last change to a placement.
 */
export type Seq = Brand<number, 'Seq'>;

/** The account that receives every message. Deleting a message from it deletes the message everywhere. */
export const ALL = 'all' as AccountName;

/** Returns the name of the account for an address or a login name in any spelling. */
export const accountName = (address: string): AccountName => canonicalAddress(address) as AccountName;
