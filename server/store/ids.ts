/** The store's identifiers and numbers, branded so that one cannot be taken for another. */
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
 * The store's change number: monotonic, one per change, never reused, the cursor for waits and streams.
 * MODSEQ (RFC 7162) is the seq of the change that last touched a placement.
 */
export type Seq = Brand<number, 'Seq'>;

/** The account that receives everything and whose deletions are final. */
export const ALL = 'all' as AccountName;

/** The account that an address or a login name belongs to, whatever its spelling. */
export const accountName = (address: string): AccountName => canonicalAddress(address) as AccountName;
