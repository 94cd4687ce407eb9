/** What the security check asks of a message, rule by rule. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  script: {
    severity: 'error',
    message: 'The HTML has a script',
    reference: null,
    help: 'Take it out: no mail client runs it, and filters refuse the message for it.',
  },
  'event-handler': {
    severity: 'error',
    message: 'An element has a script in an event handler',
    reference: null,
    help: 'Take the attribute away: no mail client runs it, and filters refuse the message for it.',
  },
  'script-link': {
    severity: 'error',
    message: 'A link runs a script or holds a document',
    reference: null,
    help: 'Link to a page instead.',
  },
  form: {
    severity: 'warning',
    message: 'The message has a form',
    reference: 'https://www.caniemail.com/features/html-form/',
    help: 'Link to a page with the form: many clients block it, and readers are right to mistrust it.',
  },
  'password-field': {
    severity: 'error',
    message: 'The message asks for a password',
    reference: null,
    help: 'Never ask for one in a message: that is what phishing does.',
  },
  embedded: {
    severity: 'error',
    message: 'The HTML embeds a frame, an object or a plug-in',
    reference: null,
    help: 'Link to it: clients take it out.',
  },
  'meta-refresh': {
    severity: 'error',
    message: 'The HTML sends its reader to another page by itself',
    reference: null,
    help: 'Take the meta element away.',
  },
  base: {
    severity: 'warning',
    message: 'A base element changes where links lead',
    reference: null,
    help: 'Write whole addresses.',
  },
  'external-stylesheet': {
    severity: 'warning',
    message: 'Styles are loaded from elsewhere',
    reference: null,
    help: 'Write them into the message: they could be changed after it was checked, and clients do not load them.',
  },
  'dangerous-attachment': {
    severity: 'error',
    message: 'An attachment is a program or can run one',
    reference: 'https://support.google.com/mail/answer/6590',
    help: 'Offer it for download: receivers refuse messages with such files.',
  },
  'macro-document': {
    severity: 'warning',
    message: 'An attachment is a document with macros',
    reference: null,
    help: 'Send it without macros, or as PDF.',
  },
  'web-attachment': {
    severity: 'warning',
    message: 'An attachment is a web page or an image that can run scripts',
    reference: null,
    help: 'Send a PDF or a PNG, or link to it: filters take such files for phishing.',
  },
  'double-extension': {
    severity: 'error',
    message: 'The name of an attachment hides what it is',
    reference: null,
    help: 'Give it the one extension that it is.',
  },
  'disguised-name': {
    severity: 'error',
    message: 'The name of an attachment has characters that turn or hide its text',
    reference: 'https://www.unicode.org/reports/tr9/',
    help: 'Take these characters out of the name.',
  },
  'mismatched-type': {
    severity: 'warning',
    message: 'The name and the type of an attachment do not agree',
    reference: 'RFC 2046',
    help: 'Declare the type that the file has.',
  },
  'look-alike-domain': {
    severity: 'error',
    message: 'A domain mixes scripts to look like another',
    reference: 'https://www.unicode.org/reports/tr39/',
    help: 'Use a domain in one script.',
  },
  'punycode-domain': {
    severity: 'info',
    message: 'A domain is written in Punycode',
    reference: 'RFC 5890',
    help: 'Readers see something else than is written, or the code: make sure that it is meant.',
  },
  'mismatched-link': {
    severity: 'error',
    message: 'The text of a link names another site than it leads to',
    reference: null,
    help: 'Let the text name where the link leads, also where clicks are counted: that is what phishing looks like.',
  },
  'address-link': {
    severity: 'warning',
    message: 'A link leads to a bare IP address',
    reference: null,
    help: 'Link to a name.',
  },
  'credentials-in-link': {
    severity: 'error',
    message: 'A link has a user name or a password in it',
    reference: 'RFC 3986 §3.2.1',
    help: 'Leave it out: it is readable for everybody on the way, and disguises where a link leads.',
  },
  'link-shortener': {
    severity: 'warning',
    message: 'A link goes through a public shortener',
    reference: null,
    help: 'Link to the place itself: filters cannot tell such links from spam’s.',
  },
  'address-in-display-name': {
    severity: 'error',
    message: 'The display name is another address than the real one',
    reference: null,
    help: 'Use a name.',
  },
  'disguised-display-name': {
    severity: 'error',
    message: 'The display name has characters that turn or hide its text',
    reference: 'https://www.unicode.org/reports/tr9/',
    help: 'Take these characters out of it.',
  },
  'reply-elsewhere': {
    severity: 'info',
    message: 'Answers go to another domain than the message comes from',
    reference: 'RFC 5322 §3.6.2',
    help: 'Make sure that it is meant: filters count it against a message.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type SecurityRule = keyof typeof rules;
export const securityRules: Readonly<Record<SecurityRule, CheckRule>> = rules;
export const find = findingsOf<SecurityRule>('security', rules);
