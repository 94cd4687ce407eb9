/** The rules of the links check, by their ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'broken-link': {
    severity: 'error',
    message: 'The server answers with an error status',
    reference: 'RFC 9110 §15.5, §15.6',
    help: 'Correct the URL, or repair the page.',
  },
  'link-refused': {
    severity: 'info',
    message: 'The server refuses requests from programs',
    reference: 'RFC 9110 §15.5',
    help: 'Open the URL in a browser: pages with a login or bot protection answer in this way.',
  },
  unreachable: {
    severity: 'error',
    message: 'The server cannot be reached',
    reference: null,
    help: 'Correct the host name, or start the server.',
  },
  'bad-certificate': {
    severity: 'error',
    message: 'The certificate of the server is not trusted',
    reference: 'RFC 9110 §4.3.4',
    help: 'Renew it, or get a certificate for this name from an authority that browsers trust.',
  },
  'private-address': {
    severity: 'warning',
    message: 'The URL is in a private network and was not requested',
    reference: 'RFC 6890',
    help: 'Readers cannot reach it. To check such links, start the server with --check-private.',
  },
  'redirect-loop': {
    severity: 'error',
    message: 'The URL redirects in a loop',
    reference: 'RFC 9110 §15.4',
    help: 'Correct the redirects of the server.',
  },
  'bad-redirect': {
    severity: 'error',
    message: 'A redirect has an invalid target',
    reference: 'RFC 9110 §15.4',
    help: 'Correct the Location field of the response.',
  },
  'redirect-without-tls': {
    severity: 'warning',
    message: 'A redirect leads from https to http',
    reference: 'RFC 9110 §4.2.2',
    help: 'Redirect to https: others can read and change an http transfer.',
  },
  'moved-link': {
    severity: 'info',
    message: 'The URL redirects permanently',
    reference: 'RFC 9110 §15.4.2, §15.4.9',
    help: 'Use the new URL: a redirect takes time, and may be removed later.',
  },
  'slow-link': {
    severity: 'warning',
    message: 'The server did not answer in time',
    reference: null,
    help: 'Make the server faster: readers do not wait this long.',
  },
  'not-an-image': {
    severity: 'error',
    message: 'The URL of an image is not an image',
    reference: 'RFC 9110 §8.3',
    help: 'Configure the server to return the image with its Content-Type.',
  },
  'heavy-image': {
    severity: 'warning',
    message: 'An image is large',
    reference: null,
    help: 'Scale it to its displayed size, and compress it.',
  },
  'not-asked': {
    severity: 'info',
    message: 'The URL was not fully checked, because a GET request might trigger its action',
    reference: 'RFC 9110 §9.2.1',
    help: 'Open the URL by hand, or support HEAD on the server: HEAD triggers no action.',
  },
  'more-links': {
    severity: 'info',
    message: 'The message has more URLs than the check requests',
    reference: null,
    help: 'Check the other links by hand, or shorten the message.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

type LinksRule = keyof typeof rules;
export const linksRules: Readonly<Record<LinksRule, CheckRule>> = rules;
export const find = findingsOf<LinksRule>('links', rules);
