/** What the content check asks of a message, rule by rule. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'leaked-placeholder': {
    severity: 'error',
    message: 'A placeholder was not filled in',
    reference: null,
    help: 'Look at the data that the template was rendered with; give the template a default.',
  },
  'leaked-value': {
    severity: 'error',
    message: 'A value of the program stands where words should be',
    reference: null,
    help: 'Look at the data that the template was rendered with: something was absent or is an object.',
  },
  'filler-text': {
    severity: 'warning',
    message: 'Filler text was left in',
    reference: null,
    help: 'Replace it by what the message is to say.',
  },
  // No error: a sandbox's mail comes from an application on the developer's machine more often than not.
  'local-link': {
    severity: 'warning',
    message: 'A link leads to the sender’s own machine or network',
    reference: 'RFC 6761, RFC 1918',
    help: 'Build links from the configured public address of the application; ignore this rule where it runs locally.',
  },
  'staging-link': {
    severity: 'warning',
    message: 'A link leads to what looks like a test environment',
    reference: null,
    help: 'Build links from the public address of the application.',
  },
  'http-link': {
    severity: 'warning',
    message: 'A link or an image is fetched without TLS',
    reference: 'RFC 9110 §4.2.2',
    help: 'Use https: what it carries can be read and changed on the way, and clients warn of it.',
  },
  'empty-link': {
    severity: 'warning',
    message: 'A link leads nowhere',
    reference: null,
    help: 'Give it its address, or take it away.',
  },
  'missing-text-part': {
    severity: 'warning',
    message: 'The message has HTML and no text',
    reference: 'RFC 2046 §5.1.4',
    help: 'Send multipart/alternative with a text/plain part first: watches, screen readers and filters read it.',
  },
  'empty-text-part': {
    severity: 'warning',
    message: 'The text part is empty',
    reference: 'RFC 2046 §5.1.4',
    help: 'Say in it what the HTML says.',
  },
  'mismatched-text-part': {
    severity: 'warning',
    message: 'Text and HTML say different things',
    reference: 'RFC 2046 §5.1.4',
    help: 'Make both from the same content: readers see one of them, filters compare them.',
  },
  'missing-preheader': {
    severity: 'info',
    message: 'The preview line of mail lists begins with a link or an image description',
    reference: null,
    help: 'Begin the body with a sentence that says what the message is about.',
  },
  clipped: {
    severity: 'warning',
    message: 'Gmail shows the first 102 KB of HTML and clips the rest',
    reference: 'https://www.hteumeuleu.com/2020/why-is-gmail-clipping-html-emails/',
    help: 'Make it shorter: move styles out of attributes, leave out comments and white space.',
  },
  'heavy-images': {
    severity: 'warning',
    message: 'The images that come with the message are heavy',
    reference: null,
    help: 'Scale them to the size they are shown at, and compress them.',
  },
  'inline-data-image': {
    severity: 'warning',
    message: 'An image is written into the HTML, where most clients do not show it',
    reference: 'https://www.caniemail.com/features/image-base64/',
    help: 'Attach it and refer to it by cid:, or host it.',
  },
  'only-images': {
    severity: 'warning',
    message: 'The message is images and hardly any text',
    reference: null,
    help: 'Say it in text: images are blocked at first, and filters take such mail for spam.',
  },
  'tracking-pixel': {
    severity: 'info',
    message: 'An image of one pixel tells the sender who reads',
    reference: null,
    help: 'Leave it out where you may not or need not know.',
  },
  'missing-inline-part': {
    severity: 'error',
    message: 'The HTML shows a part that the message does not have',
    reference: 'RFC 2392',
    help: 'Attach the part with this Content-ID, or take the reference away.',
  },
  'unused-inline-part': {
    severity: 'info',
    message: 'A part with a Content-ID is shown nowhere',
    reference: 'RFC 2392',
    help: 'Refer to it by cid: in the HTML, or do not send it.',
  },
  'missing-attachment': {
    severity: 'warning',
    message: 'The text speaks of an attachment, and there is none',
    reference: null,
    help: 'Attach the file.',
  },
  'winmail-dat': {
    severity: 'warning',
    message: 'A part is in a format that only Outlook opens',
    reference: 'https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxtnef/',
    help: 'Send the message as HTML or plain text: in Outlook and Exchange, turn off rich text (TNEF) for this recipient.',
  },
  'encrypted-body': {
    severity: 'info',
    message: 'The body is encrypted, so the checks cannot read it',
    reference: 'RFC 1847 §2.2, RFC 8551 §3.3, RFC 9580 §6.2',
    help: 'Check the message before it is encrypted.',
  },
  'empty-subject': {
    severity: 'warning',
    message: 'The message has no subject',
    reference: 'RFC 5322 §3.6.5',
    help: 'Give it one: lists of mail show little else.',
  },
  'long-subject': {
    severity: 'info',
    message: 'The subject is longer than lists of mail show',
    reference: null,
    help: 'Put what matters into the first 40 characters, and stay below 78.',
  },
  'unclosed-element': {
    severity: 'warning',
    message: 'An element is opened and never closed',
    reference: 'https://html.spec.whatwg.org/multipage/parsing.html#parse-errors',
    help: 'Close it: clients mend it each in their own way, and what follows may look different.',
  },
  'stray-end-tag': {
    severity: 'warning',
    message: 'An element is closed that was not open',
    reference: 'https://html.spec.whatwg.org/multipage/parsing.html#parse-errors',
    help: 'Take the end tag away, or open the element.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type ContentRule = keyof typeof rules;
export const contentRules: Readonly<Record<ContentRule, CheckRule>> = rules;
export const find = findingsOf<ContentRule>('content', rules);
