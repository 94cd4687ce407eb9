/** The rules of the content check, by their ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'leaked-placeholder': {
    severity: 'error',
    message: 'A placeholder was not filled in',
    reference: null,
    help: 'Check the data of the template, and add a default value to the template.',
  },
  'leaked-value': {
    severity: 'error',
    message: 'The text contains a value of the program, such as undefined',
    reference: null,
    help: 'Check the data of the template: a value is missing or is an object.',
  },
  'filler-text': {
    severity: 'warning',
    message: 'The message contains filler text',
    reference: null,
    help: 'Replace it with the final text.',
  },
  // A link to the local network is a warning and not an error, because captured mail usually comes from an
  // application on the developer's machine.
  'local-link': {
    severity: 'warning',
    message: 'A link leads to the sender’s machine or local network',
    reference: 'RFC 6761, RFC 1918',
    help: 'Build links from the public URL of the application; ignore this rule for an application that runs locally.',
  },
  'staging-link': {
    severity: 'warning',
    message: 'A link probably leads to a test environment',
    reference: null,
    help: 'Build links from the public URL of the application.',
  },
  'http-link': {
    severity: 'warning',
    message: 'A link or an image does not use TLS',
    reference: 'RFC 9110 §4.2.2',
    help: 'Use https: others can read and change an http transfer, and clients warn about it.',
  },
  'empty-link': {
    severity: 'warning',
    message: 'A link has no target',
    reference: null,
    help: 'Add the URL, or remove the link.',
  },
  'missing-text-part': {
    severity: 'warning',
    message: 'The message has HTML but no text part',
    reference: 'RFC 2046 §5.1.4',
    help: 'Send multipart/alternative with text/plain as the first part: watches, screen readers and filters use it.',
  },
  'empty-text-part': {
    severity: 'warning',
    message: 'The text part is empty',
    reference: 'RFC 2046 §5.1.4',
    help: 'Write the content of the HTML as text.',
  },
  'mismatched-text-part': {
    severity: 'warning',
    message: 'Text and HTML have different content',
    reference: 'RFC 2046 §5.1.4',
    help: 'Generate both from the same content: each reader sees only one, and filters compare them.',
  },
  'missing-preheader': {
    severity: 'info',
    message: 'The preview in the list of messages begins with a link or a note about images',
    reference: null,
    help: 'Begin the body with a sentence that summarises the message.',
  },
  clipped: {
    severity: 'warning',
    message: 'Gmail shows the first 102 KB of HTML and hides the rest',
    reference: 'https://www.hteumeuleu.com/2020/why-is-gmail-clipping-html-emails/',
    help: 'Shorten the HTML: move styles from attributes to a style element, and remove comments and white space.',
  },
  'heavy-images': {
    severity: 'warning',
    message: 'The images in the message are large',
    reference: null,
    help: 'Scale them to their displayed size, and compress them.',
  },
  'inline-data-image': {
    severity: 'warning',
    message: 'An image is a data: URL, which most clients do not show',
    reference: 'https://www.caniemail.com/features/image-base64/',
    help: 'Attach the image and refer to it by cid:, or host it on a web server.',
  },
  'only-images': {
    severity: 'warning',
    message: 'The message consists of images and has almost no text',
    reference: null,
    help: 'Write the content as text: clients block images at first, and filters classify such mail as spam.',
  },
  'tracking-pixel': {
    severity: 'info',
    message: 'An image of one pixel tracks who opens the message',
    reference: null,
    help: 'Remove it where tracking is not allowed or not needed.',
  },
  'missing-inline-part': {
    severity: 'error',
    message: 'The HTML refers to a part that the message does not have',
    reference: 'RFC 2392',
    help: 'Attach a part with this Content-ID, or remove the reference.',
  },
  'unused-inline-part': {
    severity: 'info',
    message: 'The HTML does not use a part with a Content-ID',
    reference: 'RFC 2392',
    help: 'Refer to the part by cid: in the HTML, or remove it.',
  },
  'missing-attachment': {
    severity: 'warning',
    message: 'The text mentions an attachment, but the message has none',
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
    help: 'Add a subject: lists of messages show little else.',
  },
  'long-subject': {
    severity: 'info',
    message: 'The subject is longer than lists of messages show',
    reference: null,
    help: 'Put the important words into the first 40 characters, and use at most 78.',
  },
  'unclosed-element': {
    severity: 'warning',
    message: 'An element is opened and never closed',
    reference: 'https://html.spec.whatwg.org/multipage/parsing.html#parse-errors',
    help: 'Add the end tag: each client repairs the HTML in its own way, so that the rest may look different.',
  },
  'stray-end-tag': {
    severity: 'warning',
    message: 'An end tag has no start tag',
    reference: 'https://html.spec.whatwg.org/multipage/parsing.html#parse-errors',
    help: 'Remove the end tag, or add the start tag.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type ContentRule = keyof typeof rules;
export const contentRules: Readonly<Record<ContentRule, CheckRule>> = rules;
export const find = findingsOf<ContentRule>('content', rules);
