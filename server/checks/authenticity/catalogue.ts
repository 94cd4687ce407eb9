/** The rules of the authenticity check, by their ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'spf-not-checked': {
    severity: 'info',
    message: 'SPF was not checked, because the message was sent from this machine or network',
    reference: 'RFC 7208 §2.4',
    help: 'Run the check with the public address that your mail server will send from.',
  },
  'spf-none': {
    severity: 'warning',
    message: 'The sender’s domain has no SPF record',
    reference: 'RFC 7208 §2.6.1',
    help: 'Publish a TXT record with v=spf1, the permitted senders, and -all or ~all.',
  },
  'spf-neutral': {
    severity: 'info',
    message: 'The sender’s SPF record does not state whether this address may send',
    reference: 'RFC 7208 §2.6.2',
    help: 'List the permitted senders, and end the record with -all or ~all.',
  },
  'spf-softfail': {
    severity: 'warning',
    message: 'According to the sender’s SPF record, this address is probably not allowed to send',
    reference: 'RFC 7208 §2.6.5',
    help: 'Add the address to the record, or send through a server that is in it.',
  },
  'spf-fail': {
    severity: 'error',
    message: 'The sender’s SPF record does not allow this address to send',
    reference: 'RFC 7208 §2.6.4',
    help: 'Add the address to the record, or send through a server that is in it.',
  },
  'spf-permerror': {
    severity: 'error',
    message: 'The sender’s SPF record is invalid',
    reference: 'RFC 7208 §2.6.7',
    help: 'Correct the record: publish only one, with at most ten lookups, at most two of them without an answer.',
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
    help: 'Sign it with DKIM on the last of your servers; large receivers require a signature.',
  },
  'dkim-body-changed': {
    severity: 'error',
    message: 'The body was changed after signing',
    reference: 'RFC 6376 §3.7',
    help: 'Sign as the last step: a later footer, line wrapping or re-encoding breaks the signature.',
  },
  'dkim-header-changed': {
    severity: 'error',
    message: 'The header was changed after signing, or the published key does not match',
    reference: 'RFC 6376 §3.7',
    help: 'Do not change signed fields after signing; check that the published key matches the private key.',
  },
  'dkim-no-key': {
    severity: 'error',
    message: 'The key of the signature is not published',
    reference: 'RFC 6376 §3.6.2',
    help: 'Publish the key as a TXT record at that name.',
  },
  'dkim-bad-key': {
    severity: 'error',
    message: 'The published key cannot be used',
    reference: 'RFC 6376 §3.6.1',
    help: 'Publish v=DKIM1; k=rsa; p=… with the public key in base64, in strings of at most 255 characters.',
  },
  'dkim-weak-key': {
    severity: 'error',
    message: 'The key is too short',
    reference: 'RFC 8301 §3.2',
    help: 'Use an RSA key of 2048 bits, optionally with an additional Ed25519 key.',
  },
  'dkim-expired': {
    severity: 'error',
    message: 'The signature has expired',
    reference: 'RFC 6376 §3.5',
    help: 'Set a later time in x=, or remove x=.',
  },
  'dkim-unreadable': {
    severity: 'error',
    message: 'A DKIM-Signature is invalid',
    reference: 'RFC 6376 §3.5',
    help: 'Include the tags a, b, bh, d, h and s, with a known algorithm and canonicalisation.',
  },
  'dkim-dns-failure': {
    severity: 'warning',
    message: 'The key of the signature could not be looked up: the DNS gave no answer',
    reference: 'RFC 6376 §6.1.2',
    help: 'Run the check again; look at the name servers of the domain.',
  },
  'dkim-partial-body': {
    severity: 'warning',
    message: 'The signature covers only the beginning of the body, so that anybody can append text',
    reference: 'RFC 6376 §8.2',
    help: 'Remove l= from the signature.',
  },
  'dkim-sha1': {
    severity: 'error',
    message: 'The signature uses SHA-1, which receivers ignore',
    reference: 'RFC 8301 §3.1',
    help: 'Use rsa-sha256 or ed25519-sha256.',
  },
  'dkim-unaligned': {
    severity: 'info',
    message: 'A valid signature is from another domain than From, so DMARC ignores it',
    reference: 'RFC 7489 §3.1.1',
    help: 'Sign with the domain of the From field.',
  },
  'dmarc-none': {
    severity: 'warning',
    message: 'The domain of From has no DMARC record',
    reference: 'RFC 7489 §6.1',
    help: 'Publish v=DMARC1; p=none; rua=mailto:… at _dmarc of the domain; large receivers require it from bulk senders.',
  },
  'dmarc-lax': {
    severity: 'info',
    message: 'The DMARC policy does not tell receivers to act',
    reference: 'RFC 7489 §6.3',
    help: 'Change p to quarantine and then to reject, once the reports show that all your mail passes.',
  },
  'dmarc-fail': {
    severity: 'error',
    message: 'DMARC fails: neither SPF nor DKIM passes for the domain of From',
    reference: 'RFC 7489 §4.2',
    help: 'Sign with the domain of From, or send with a reverse-path of that domain from an address in its SPF record.',
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
    help: 'Write one address in From: receivers refuse other messages.',
  },
  'arc-fail': {
    severity: 'warning',
    message: 'The chain of ARC seals is broken',
    reference: 'RFC 8617 §5.2',
    help: 'Forwarding servers must add their seal after all changes; otherwise, the newest seal is invalid.',
  },
  'bimi-skipped': {
    severity: 'info',
    message: 'No BIMI logo would be shown',
    reference: 'https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/',
    help: 'Make DMARC pass with p=quarantine or p=reject, which BIMI requires.',
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
