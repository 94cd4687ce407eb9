/** The rules of the security check, by their ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  script: {
    severity: 'error',
    message: 'The HTML contains a script',
    reference: null,
    help: 'Remove the script: no mail client runs it, and filters refuse the message because of it.',
  },
  'event-handler': {
    severity: 'error',
    message: 'An element has a script in an event handler',
    reference: null,
    help: 'Remove the attribute: no mail client runs it, and filters refuse the message because of it.',
  },
  'script-link': {
    severity: 'error',
    message: 'The URL of a link contains a script or a document',
    reference: null,
    help: 'Link to a page instead.',
  },
  form: {
    severity: 'warning',
    message: 'The message contains a form',
    reference: 'https://www.caniemail.com/features/html-form/',
    help: 'Link to a page with the form: many clients block forms, and readers mistrust them.',
  },
  'password-field': {
    severity: 'error',
    message: 'The message asks for a password',
    reference: null,
    help: 'Remove the password field: phishing messages ask for passwords.',
  },
  embedded: {
    severity: 'error',
    message: 'The HTML embeds a frame, an object or a plug-in',
    reference: null,
    help: 'Link to the content instead: clients remove embedded elements.',
  },
  'meta-refresh': {
    severity: 'error',
    message: 'The HTML redirects the reader to another page',
    reference: null,
    help: 'Remove the meta element.',
  },
  base: {
    severity: 'warning',
    message: 'A base element changes the targets of links',
    reference: null,
    help: 'Remove the base element, and write absolute URLs.',
  },
  'external-stylesheet': {
    severity: 'warning',
    message: 'The HTML loads an external style sheet',
    reference: null,
    help: 'Write the styles into the message: clients do not load external style sheets, which could also change later.',
  },
  'dangerous-attachment': {
    severity: 'error',
    message: 'An attachment is a program or can run one',
    reference: 'https://support.google.com/mail/answer/6590',
    help: 'Offer the file for download: receivers refuse messages with such attachments.',
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
    help: 'Send a PDF or a PNG, or link to the file: filters classify such attachments as phishing.',
  },
  'double-extension': {
    severity: 'error',
    message: 'The name of an attachment hides its type',
    reference: null,
    help: 'Use only the extension of its type.',
  },
  'disguised-name': {
    severity: 'error',
    message: 'The name of an attachment has invisible characters or reverses the direction of text',
    reference: 'https://www.unicode.org/reports/tr9/',
    help: 'Remove these characters from the name.',
  },
  'mismatched-type': {
    severity: 'warning',
    message: 'The extension of an attachment does not match its type',
    reference: 'RFC 2046',
    help: 'Declare the real type of the file in Content-Type.',
  },
  'look-alike-domain': {
    severity: 'error',
    message: 'A domain mixes scripts and looks like another domain',
    reference: 'https://www.unicode.org/reports/tr39/',
    help: 'Use a domain whose letters are all of one script.',
  },
  'punycode-domain': {
    severity: 'info',
    message: 'A domain is written in Punycode',
    reference: 'RFC 5890',
    help: 'Make sure that the domain is intended: readers see its decoded form or the code.',
  },
  'mismatched-link': {
    severity: 'error',
    message: 'The text of a link names another site than its target',
    reference: null,
    help: 'Name the target in the text, also for links with click tracking: different names are typical of phishing.',
  },
  'address-link': {
    severity: 'warning',
    message: 'A link leads to an IP address',
    reference: null,
    help: 'Link to a host name.',
  },
  'credentials-in-link': {
    severity: 'error',
    message: 'A link contains a user name or a password',
    reference: 'RFC 3986 §3.2.1',
    help: 'Remove it: others can read it, and it disguises the target of the link.',
  },
  'link-shortener': {
    severity: 'warning',
    message: 'A link uses a public URL shortener',
    reference: null,
    help: 'Link to the target directly: filters cannot distinguish such links from those of spam.',
  },
  'address-in-display-name': {
    severity: 'error',
    message: 'The display name contains another address than the real one',
    reference: null,
    help: 'Use a name without an address as the display name.',
  },
  'disguised-display-name': {
    severity: 'error',
    message: 'The display name has invisible characters or reverses the direction of text',
    reference: 'https://www.unicode.org/reports/tr9/',
    help: 'Remove these characters from the display name.',
  },
  'reply-elsewhere': {
    severity: 'info',
    message: 'Replies go to another domain than that of the sender',
    reference: 'RFC 5322 §3.6.2',
    help: 'Make sure that the domain of Reply-To is intended: filters count a difference as a sign of spam.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type SecurityRule = keyof typeof rules;
export const securityRules: Readonly<Record<SecurityRule, CheckRule>> = rules;
export const find = findingsOf<SecurityRule>('security', rules);
