/** What the links check may find, rule by rule. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'broken-link': {
    severity: 'error',
    message: 'The server says that there is nothing at the address, or fails',
    reference: 'RFC 9110 §15.5, §15.6',
    help: 'Mend the address, or what stands behind it.',
  },
  'link-refused': {
    severity: 'info',
    message: 'The server does not let programs in',
    reference: 'RFC 9110 §15.5',
    help: 'Try it by hand: pages behind a login or a guard against robots answer so.',
  },
  unreachable: {
    severity: 'error',
    message: 'Nobody answers at the address',
    reference: null,
    help: 'Mend the name, or start the server behind it.',
  },
  'bad-certificate': {
    severity: 'error',
    message: 'The server’s certificate is not to be trusted',
    reference: 'RFC 9110 §4.3.4',
    help: 'Renew it, or have it issued for this name by an authority that browsers know.',
  },
  'private-address': {
    severity: 'warning',
    message: 'The address is in a private network, and was not asked',
    reference: 'RFC 6890',
    help: 'Readers cannot reach it; start the server with --check-private to have such links tried nevertheless.',
  },
  'redirect-loop': {
    severity: 'error',
    message: 'The address leads from redirect to redirect without end',
    reference: 'RFC 9110 §15.4',
    help: 'Mend the redirects of the server.',
  },
  'bad-redirect': {
    severity: 'error',
    message: 'A redirect leads nowhere',
    reference: 'RFC 9110 §15.4',
    help: 'Mend the Location of the server’s answer.',
  },
  'redirect-without-tls': {
    severity: 'warning',
    message: 'A redirect leads from https to http',
    reference: 'RFC 9110 §4.2.2',
    help: 'Let it lead to https: what it carries can be read and changed on the way.',
  },
  'moved-link': {
    severity: 'info',
    message: 'The address has moved for good',
    reference: 'RFC 9110 §15.4.2, §15.4.9',
    help: 'Write the new address: each redirect is a wait, and may be gone one day.',
  },
  'slow-link': {
    severity: 'warning',
    message: 'The server did not answer in time',
    reference: null,
    help: 'Readers wait no longer either.',
  },
  'not-an-image': {
    severity: 'error',
    message: 'What is shown as an image is none',
    reference: 'RFC 9110 §8.3',
    help: 'Have the server answer with the image and its Content-Type.',
  },
  'heavy-image': {
    severity: 'warning',
    message: 'An image is heavy',
    reference: null,
    help: 'Scale it to the size it is shown at, and compress it.',
  },
  'not-asked': {
    severity: 'info',
    message: 'The address was not asked, since asking may do what it is for',
    reference: 'RFC 9110 §9.2.1',
    help: 'Servers answer HEAD without doing anything; this one does not take it.',
  },
  'more-links': {
    severity: 'info',
    message: 'The message has more addresses than are asked at once',
    reference: null,
    help: 'The first ones were asked.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

type LinksRule = keyof typeof rules;
export const linksRules: Readonly<Record<LinksRule, CheckRule>> = rules;
export const find = findingsOf<LinksRule>('links', rules);
