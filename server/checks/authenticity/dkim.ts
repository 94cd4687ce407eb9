/** Explains why a DKIM signature is invalid (RFC 6376). */
import type { Finding } from '../../message/finding.ts';
import type { HeaderField } from '../../message/structure.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find, type AuthenticityRule } from './catalogue.ts';
import { reasonOf } from './spf.ts';
import type { SignatureVerdict } from './verdicts.ts';

const compact = (text: string): string => text.replace(/\s/g, '');

/** The maximum number of characters of a signature that are read. */
const READ = 20_000;

/** Returns the header field that contains the signature to which a verdict of mailauth refers. */
function fieldOf(message: CheckedMessage, { signature }: SignatureVerdict): HeaderField | undefined {
  const fields = message.headers('DKIM-Signature');
  const wanted = `b=${compact(signature ?? '')}`;
  return fields.find(({ value }) => compact(value.slice(0, READ)).includes(wanted)) ?? fields[0];
}

/** Maps the comment with which mailauth describes an invalid signature to the rule that the signature violates. */
const FAULTS: Readonly<Partial<Record<string, AuthenticityRule>>> = {
  'body hash did not verify': 'dkim-body-changed',
  'bad signature': 'dkim-header-changed',
  'no key': 'dkim-no-key',
  expired: 'dkim-expired',
  'invalid expiration': 'dkim-expired',
};

/**
 * Describes what is wrong with a signature: returns the rest of a sentence that starts with "The signature of
 * …".
 */
function sentenceOf(fault: AuthenticityRule, verdict: SignatureVerdict, key: string): string {
  const form = verdict.format === undefined || verdict.format === '' ? 'simple/simple' : verdict.format;
  const [headerForm = 'simple', bodyForm = 'simple'] = form.split('/');
  const { bodyHash = '?', bodyHashExpecting = '?', signingHeaders } = verdict;
  if (fault === 'dkim-body-changed') {
    return `was made over another body: its hash is ${bodyHash} (${bodyForm} canonicalisation), but bh= has ${bodyHashExpecting}`;
  }
  if (fault === 'dkim-header-changed') {
    const fields = signingHeaders?.keys ?? '?';
    return `does not match the header (${headerForm} canonicalisation of ${fields}), but the body is unchanged: a signed field was changed, or ${key} has another key`;
  }
  return fault === 'dkim-no-key' ? `cannot be checked: there is no TXT record at ${key}` : 'has expired';
}

/** Returns the violated rule and a sentence with the details; `null` for a valid signature. */
function faultOf(verdict: SignatureVerdict): readonly [AuthenticityRule, string] | null {
  const { status, selector = '?', signingDomain = '?' } = verdict;
  const key = `${selector}._domainkey.${signingDomain}`;
  const of = `The signature of ${signingDomain} (key ${key})`;
  if (status.policy?.['dkim-rules'] === 'weak-key') {
    return ['dkim-weak-key', `${of} is made with a key of less than 1024 bits`];
  }
  if (status.result === 'pass') return null;
  if (status.result === 'temperror')
    return ['dkim-dns-failure', `${of} could not be checked${reasonOf(status.comment)}`];
  const fault = FAULTS[status.comment ?? ''];
  if (fault !== undefined) return [fault, `${of} ${sentenceOf(fault, verdict, key)}`];
  return ['dkim-bad-key', `${of} cannot be checked${reasonOf(status.comment)}`];
}

function* oneSignature(message: CheckedMessage, verdict: SignatureVerdict): Generator<Finding> {
  const field = fieldOf(message, verdict);
  const where = field === undefined ? null : message.placeOfField(field);
  const fault = faultOf(verdict);
  if (fault !== null) {
    yield find(fault[0], where, { message: fault[1] });
    return;
  }
  const domain = verdict.signingDomain ?? '?';
  if (/-sha1$/i.test(verdict.algo ?? '')) yield find('dkim-sha1', where);
  if (verdict.status.underSized !== undefined) {
    yield find('dkim-partial-body', where, {
      message: `The signature of ${domain} does not cover the last ${verdict.status.underSized} octets of the body: anybody can change them`,
    });
  }
  if (verdict.status.aligned === false) {
    yield find('dkim-unaligned', where, {
      message: `The valid signature is from ${domain}, not from the domain of From, so DMARC ignores it`,
    });
  }
}

export function* dkimFindings(
  message: CheckedMessage,
  verdicts: readonly SignatureVerdict[],
): Generator<Finding> {
  const signatures = message.headers('DKIM-Signature');
  const judged = verdicts.filter(({ status }) => status.result !== 'none');
  if (signatures.length === 0) yield find('dkim-none');
  for (const verdict of judged) yield* oneSignature(message, verdict);
  if (judged.length >= signatures.length) return;
  const known = new Set(judged.map((verdict) => fieldOf(message, verdict)));
  for (const field of signatures) {
    if (!known.has(field)) yield find('dkim-unreadable', message.placeOfField(field));
  }
}
