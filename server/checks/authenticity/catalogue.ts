/** What the authenticity check may find, rule by rule. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'spf-not-checked': {
    severity: 'info',
    message: 'SPF was not checked: the message came from this machine or network',
    reference: 'RFC 7208 §2.4',
    help: 'Run the check with the public address that your mail server will send from.',
  },
  'spf-none': {
    severity: 'warning',
    message: 'The sender’s domain has no SPF record',
    reference: 'RFC 7208 §2.6.1',
    help: 'Publish one: v=spf1, who may send, and -all or ~all.',
  },
  'spf-neutral': {
    severity: 'info',
    message: 'The sender’s SPF record says nothing of this address',
    reference: 'RFC 7208 §2.6.2',
    help: 'End the record with -all or ~all, and list who may send.',
  },
  'spf-softfail': {
    severity: 'warning',
    message: 'The sender’s SPF record says that this address probably may not send',
    reference: 'RFC 7208 §2.6.5',
    help: 'Add the address to the record, or send through a server that is in it.',
  },
  'spf-fail': {
    severity: 'error',
    message: 'The sender’s SPF record says that this address may not send',
    reference: 'RFC 7208 §2.6.4',
    help: 'Add the address to the record, or send through a server that is in it.',
  },
  'spf-permerror': {
    severity: 'error',
    message: 'The sender’s SPF record cannot be understood',
    reference: 'RFC 7208 §2.6.7',
    help: 'Mend the record: one record, ten lookups at most, two of them without an answer.',
  },
  'spf-temperror': {
    severity: 'warning',
    message: 'SPF could not be checked: the DNS gave no answer',
    reference: 'RFC 7208 §2.6.6',
    help: 'Run the check again; look at the name servers of the domain.',
  },
  'dkim-none': {
    severity: 'warning',
    message: 'The message is not signed',
    reference: 'RFC 6376',
    help: 'Sign it with DKIM where it leaves your servers; large receivers demand it.',
  },
  'dkim-body-changed': {
    severity: 'error',
    message: 'The body is not the one that was signed',
    reference: 'RFC 6376 §3.7',
    help: 'Sign last: whatever adds a footer, wraps lines or encodes again after it breaks the signature.',
  },
  'dkim-header-changed': {
    severity: 'error',
    message: 'The header is not the one that was signed, or the key is another one',
    reference: 'RFC 6376 §3.7',
    help: 'Let nothing change the signed fields after signing; compare the published key with the private one.',
  },
  'dkim-no-key': {
    severity: 'error',
    message: 'The key of the signature is not published',
    reference: 'RFC 6376 §3.6.2',
    help: 'Publish it as a TXT record at that name.',
  },
  'dkim-bad-key': {
    severity: 'error',
    message: 'The published key cannot be used',
    reference: 'RFC 6376 §3.6.1',
    help: 'Publish v=DKIM1; k=rsa; p=… with the public key in base64, in strings of at most 255 characters.',
  },
  'dkim-weak-key': {
    severity: 'error',
    message: 'The key is too short to be trusted',
    reference: 'RFC 8301 §3.2',
    help: 'Use 2048 bits, or Ed25519 beside it.',
  },
  'dkim-expired': {
    severity: 'error',
    message: 'The signature is no longer valid',
    reference: 'RFC 6376 §3.5',
    help: 'Give x= more time, or leave it out.',
  },
  'dkim-unreadable': {
    severity: 'error',
    message: 'A DKIM-Signature cannot be understood',
    reference: 'RFC 6376 §3.5',
    help: 'It needs a, b, bh, d, h and s, with an algorithm and a canonicalisation that exist.',
  },
  'dkim-dns-failure': {
    severity: 'warning',
    message: 'The key of the signature could not be asked for: the DNS gave no answer',
    reference: 'RFC 6376 §6.1.2',
    help: 'Run the check again; look at the name servers of the domain.',
  },
  'dkim-partial-body': {
    severity: 'warning',
    message: 'The signature covers the beginning of the body alone: anybody may add to it',
    reference: 'RFC 6376 §8.2',
    help: 'Leave l= out.',
  },
  'dkim-sha1': {
    severity: 'error',
    message: 'The signature uses SHA-1, which receivers take for no signature',
    reference: 'RFC 8301 §3.1',
    help: 'Use rsa-sha256 or ed25519-sha256.',
  },
  'dkim-unaligned': {
    severity: 'info',
    message: 'A valid signature is of another domain than From: it counts nothing for DMARC',
    reference: 'RFC 7489 §3.1.1',
    help: 'Sign as the domain of the From field.',
  },
  'dmarc-none': {
    severity: 'warning',
    message: 'The domain of From has no DMARC record',
    reference: 'RFC 7489 §6.1',
    help: 'Publish v=DMARC1; p=none; rua=mailto:… at _dmarc of the domain; large receivers demand it of bulk senders.',
  },
  'dmarc-lax': {
    severity: 'info',
    message: 'The DMARC policy asks receivers to do nothing',
    reference: 'RFC 7489 §6.3',
    help: 'Raise p to quarantine and reject once the reports show that all your mail passes.',
  },
  'dmarc-fail': {
    severity: 'error',
    message: 'DMARC fails: neither SPF nor DKIM passes for the domain of From',
    reference: 'RFC 7489 §4.2',
    help: 'Sign as the domain of From, or send with a reverse-path of that domain from an address in its SPF record.',
  },
  'dmarc-temperror': {
    severity: 'warning',
    message: 'DMARC could not be checked: the DNS gave no answer',
    reference: 'RFC 7489 §6.6.3',
    help: 'Run the check again; look at the name servers of the domain.',
  },
  'dmarc-no-from': {
    severity: 'error',
    message: 'DMARC needs exactly one address in From',
    reference: 'RFC 7489 §6.6.1',
    help: 'Name one author: receivers refuse others.',
  },
  'arc-fail': {
    severity: 'warning',
    message: 'The chain of ARC seals is broken',
    reference: 'RFC 8617 §5.2',
    help: 'Let the servers on the way seal last; the newest seal is worth nothing otherwise.',
  },
  'bimi-skipped': {
    severity: 'info',
    message: 'No BIMI logo would be shown',
    reference: 'https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/',
    help: 'BIMI wants DMARC to pass with p=quarantine or p=reject.',
  },
  'bimi-fail': {
    severity: 'warning',
    message: 'The BIMI record cannot be used',
    reference: 'https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/',
    help: 'Publish v=BIMI1; l=https://… at default._bimi of the domain.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type AuthenticityRule = keyof typeof rules;
export const authenticityRules: Readonly<Record<AuthenticityRule, CheckRule>> = rules;
export const find = findingsOf<AuthenticityRule>('authenticity', rules);
