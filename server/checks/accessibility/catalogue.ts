/** What accessibility asks of a message, rule by rule. */
import { findingsOf, type CheckRule } from '../check.ts';

const WCAG = 'https://www.w3.org/TR/WCAG22/#';
const ARIA = 'https://www.w3.org/TR/wai-aria-1.2/#';

const rules = {
  'missing-lang': {
    severity: 'warning',
    message: 'The document does not say what language it is in',
    reference: `${WCAG}language-of-page`,
    help: 'Write <html lang="en">, with the language of the text: screen readers pronounce by it.',
  },
  'invalid-lang': {
    severity: 'warning',
    message: 'The language is no language tag',
    reference: `${WCAG}language-of-page`,
    help: 'Use a tag of BCP 47: en, pt-BR, zh-Hant.',
  },
  'missing-dir': {
    severity: 'warning',
    message: 'The text is written from right to left, and no dir attribute says so',
    reference: 'https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute',
    help: 'Write dir="rtl" on the element around the text: clients drop the html element, so set it within the body too.',
  },
  'missing-title': {
    severity: 'info',
    message: 'The document has no title',
    reference: `${WCAG}page-titled`,
    help: 'Give it one, e.g. the subject: it names the page where a message is opened in a browser.',
  },
  'no-heading': {
    severity: 'info',
    message: 'A long text has no headings',
    reference: `${WCAG}info-and-relationships`,
    help: 'Mark what looks like a heading with h1 to h6: people who listen jump from one to the next.',
  },
  'empty-heading': {
    severity: 'warning',
    message: 'A heading has no text',
    reference: `${WCAG}headings-and-labels`,
    help: 'Give it text, or take the element away.',
  },
  'skipped-heading': {
    severity: 'warning',
    message: 'A level of headings is skipped',
    reference: `${WCAG}info-and-relationships`,
    help: 'Let levels follow each other, and set sizes by style.',
  },
  'reading-order': {
    severity: 'info',
    message: 'Things are shown in another order than they are read in',
    reference: `${WCAG}meaningful-sequence`,
    help: 'Write them in the order of reading. Without styles, and when listened to, that order is all there is.',
  },
  'layout-table': {
    severity: 'warning',
    message: 'A table that only arranges things is announced as a table',
    reference: 'https://www.w3.org/WAI/tutorials/tables/tips/',
    help: 'Add role="presentation" to the table.',
  },
  'table-without-headers': {
    severity: 'warning',
    message: 'A table of data has no header cells',
    reference: `${WCAG}info-and-relationships`,
    help: 'Make the cells that name a column or a row <th scope="col"> or <th scope="row">; if it holds no data, add role="presentation".',
  },
  'empty-link': {
    severity: 'error',
    message: 'A link has no text',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Give it text that says where it leads.',
  },
  'image-link-without-alt': {
    severity: 'error',
    message: 'All there is of a link is an image without alternative text',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Say in the alt attribute where the link leads.',
  },
  'vague-link': {
    severity: 'warning',
    message: 'The text of a link says nothing on its own',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Say where it leads: screen readers list links without what stands around them.',
  },
  'url-as-link-text': {
    severity: 'info',
    message: 'The text of a link is an address',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Say where it leads in words: an address is read out letter by letter.',
  },
  'same-link-text': {
    severity: 'info',
    message: 'Links with the same text lead to different places',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Tell them apart by their text, or by an aria-label.',
  },
  'missing-alt': {
    severity: 'error',
    message: 'An image has no alternative text',
    reference: `${WCAG}non-text-content`,
    help: 'Say in the alt attribute what it shows; alt="" for one that only decorates. Without it, its address is read out.',
  },
  'file-name-as-alt': {
    severity: 'warning',
    message: 'The alternative text of an image is the name of a file',
    reference: `${WCAG}non-text-content`,
    help: 'Say what the image shows, or alt="" if it only decorates.',
  },
  'meaningless-alt': {
    severity: 'warning',
    message: 'The alternative text of an image says only that it is an image',
    reference: `${WCAG}non-text-content`,
    help: 'Say what the image shows, or alt="" if it only decorates.',
  },
  'alt-on-decoration': {
    severity: 'info',
    message: 'An image that cannot be seen has alternative text',
    reference: `${WCAG}non-text-content`,
    help: 'Use alt="" for spacers and tracking pixels.',
  },
  'text-in-images': {
    severity: 'warning',
    message: 'Hardly anything of the message is text: the images hold it all',
    reference: `${WCAG}images-of-text`,
    help: 'Write what is to be read as text: it can be enlarged, translated, listened to, and is there without images.',
  },
  'low-contrast': {
    severity: 'warning',
    message: 'Text stands out too little from what is behind it',
    reference: `${WCAG}contrast-minimum`,
    help: 'Make one of the two darker or lighter: 4.5:1 is wanted, 3:1 for text of 24 px, or 18.66 px in bold.',
  },
  'low-contrast-dark': {
    severity: 'warning',
    message: 'Text stands out too little from what is behind it in dark mode',
    reference: `${WCAG}contrast-minimum`,
    help: 'Set both colours in the rules of @media (prefers-color-scheme: dark).',
  },
  'tiny-text': {
    severity: 'warning',
    message: 'Text is too small to be read',
    reference: `${WCAG}resize-text`,
    help: 'Use 14 px or more for what is to be read, never less than 10.',
  },
  'all-capitals': {
    severity: 'info',
    message: 'A long text is in capitals',
    reference: 'https://www.w3.org/WAI/WCAG22/Understanding/readable',
    help: 'Write it in small letters; some screen readers spell capitals out, and everybody reads them slowly.',
  },
  'justified-text': {
    severity: 'info',
    message: 'Text is justified',
    reference: `${WCAG}visual-presentation`,
    help: 'Align it to one side: the uneven gaps between words make reading hard for many.',
  },
  'moving-text': {
    severity: 'error',
    message: 'Text blinks or moves',
    reference: `${WCAG}pause-stop-hide`,
    help: 'Take blink and marquee away.',
  },
  'animated-image': {
    severity: 'info',
    message: 'An image moves without end, and cannot be stopped',
    reference: `${WCAG}pause-stop-hide`,
    help: 'End the animation within five seconds, and let it flash no more than three times a second.',
  },
  'control-without-label': {
    severity: 'error',
    message: 'A form control has no label',
    reference: `${WCAG}labels-or-instructions`,
    help: 'Add a <label for="…">, or an aria-label.',
  },
  'positive-tabindex': {
    severity: 'warning',
    message: 'The keyboard reaches things in another order than they stand',
    reference: `${WCAG}focus-order`,
    help: 'Use tabindex="0" or none, and let the source have the right order.',
  },
  'hidden-focusable': {
    severity: 'error',
    message: 'The keyboard reaches something that screen readers are told not to read',
    reference: `${ARIA}aria-hidden`,
    help: 'Take aria-hidden away, or what can be focused within.',
  },
  'unknown-role': {
    severity: 'warning',
    message: 'There is no such role',
    reference: `${ARIA}role_definitions`,
    help: 'Use a role of WAI-ARIA; for tables that arrange things it is presentation.',
  },
} as const satisfies Record<string, CheckRule>;

export type AccessibilityRule = keyof typeof rules;

/** Every rule's name. */
export const ruleNames = Object.keys(rules) as AccessibilityRule[];

export const finding = findingsOf<AccessibilityRule>('accessibility', rules);
