/** The rules of the accessibility check, by their ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const WCAG = 'https://www.w3.org/TR/WCAG22/#';
const ARIA = 'https://www.w3.org/TR/wai-aria-1.2/#';

const rules = {
  'missing-lang': {
    severity: 'warning',
    message: 'The document does not declare its language',
    reference: `${WCAG}language-of-page`,
    help: 'Write <html lang="en"> with the language of the text: screen readers choose the pronunciation by it.',
  },
  'invalid-lang': {
    severity: 'warning',
    message: 'The value of lang is not a valid language tag',
    reference: `${WCAG}language-of-page`,
    help: 'Use a tag of BCP 47: en, pt-BR, zh-Hant.',
  },
  'missing-dir': {
    severity: 'warning',
    message: 'The text runs from right to left, but the dir attribute is missing',
    reference: 'https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute',
    help: 'Write dir="rtl" on an element around the text within the body, because clients remove the html element.',
  },
  'missing-title': {
    severity: 'info',
    message: 'The document has no title',
    reference: `${WCAG}page-titled`,
    help: 'Add a title, e.g. the subject: a browser shows it when the message is opened there.',
  },
  'no-heading': {
    severity: 'info',
    message: 'A long text has no headings',
    reference: `${WCAG}info-and-relationships`,
    help: 'Mark headings with h1 to h6: users of screen readers jump from one heading to the next.',
  },
  'empty-heading': {
    severity: 'warning',
    message: 'A heading has no text',
    reference: `${WCAG}headings-and-labels`,
    help: 'Add text, or remove the element.',
  },
  'skipped-heading': {
    severity: 'warning',
    message: 'A level of headings is skipped',
    reference: `${WCAG}info-and-relationships`,
    help: 'Use consecutive levels, and set the font size by style.',
  },
  'reading-order': {
    severity: 'info',
    message: 'The visual order differs from the reading order',
    reference: `${WCAG}meaningful-sequence`,
    help: 'Write the content in reading order: without styles, and in a screen reader, only that order counts.',
  },
  'layout-table': {
    severity: 'warning',
    message: 'Screen readers announce a layout table as a data table',
    reference: 'https://www.w3.org/WAI/tutorials/tables/tips/',
    help: 'Add role="presentation" to the table.',
  },
  'table-without-headers': {
    severity: 'warning',
    message: 'A data table has no header cells',
    reference: `${WCAG}info-and-relationships`,
    help: 'Use <th scope="col"> or <th scope="row"> for cells that name a column or a row; for a layout table, add role="presentation".',
  },
  'empty-link': {
    severity: 'error',
    message: 'A link has no text',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Add text that describes the target of the link.',
  },
  'image-link-without-alt': {
    severity: 'error',
    message: 'A link contains only an image without alternative text',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Describe the target of the link in the alt attribute of the image.',
  },
  'vague-link': {
    severity: 'warning',
    message: 'The text of a link does not describe its target',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Describe the target in the text: screen readers list links without the surrounding text.',
  },
  'url-as-link-text': {
    severity: 'info',
    message: 'The text of a link is a URL',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Describe the target in words: screen readers read a URL letter by letter.',
  },
  'same-link-text': {
    severity: 'info',
    message: 'Links with the same text lead to different places',
    reference: `${WCAG}link-purpose-in-context`,
    help: 'Use different texts, or add an aria-label to each link.',
  },
  'missing-alt': {
    severity: 'error',
    message: 'An image has no alternative text',
    reference: `${WCAG}non-text-content`,
    help: 'Describe the image in the alt attribute; use alt="" for decoration. Without alt, screen readers read the URL.',
  },
  'file-name-as-alt': {
    severity: 'warning',
    message: 'The alternative text of an image is a file name',
    reference: `${WCAG}non-text-content`,
    help: 'Describe the image, or use alt="" for decoration.',
  },
  'meaningless-alt': {
    severity: 'warning',
    message: 'The alternative text of an image does not describe the image',
    reference: `${WCAG}non-text-content`,
    help: 'Describe the image, or use alt="" for decoration.',
  },
  'alt-on-decoration': {
    severity: 'info',
    message: 'An invisible image has alternative text',
    reference: `${WCAG}non-text-content`,
    help: 'Use alt="" for spacers and tracking pixels.',
  },
  'text-in-images': {
    severity: 'warning',
    message: 'The message consists of images and has almost no text',
    reference: `${WCAG}images-of-text`,
    help: 'Write the content as text, which readers can enlarge, translate and listen to, and which needs no images.',
  },
  'low-contrast': {
    severity: 'warning',
    message: 'The contrast between text and background is too low',
    reference: `${WCAG}contrast-minimum`,
    help: 'Make one of the colours darker or lighter: the minimum is 4.5:1, or 3:1 for text of 24 px (bold: 18.66 px).',
  },
  'low-contrast-dark': {
    severity: 'warning',
    message: 'The contrast between text and background is too low in dark mode',
    reference: `${WCAG}contrast-minimum`,
    help: 'Set both colours in the rules of @media (prefers-color-scheme: dark).',
  },
  'tiny-text': {
    severity: 'warning',
    message: 'Text is too small to be read',
    reference: `${WCAG}resize-text`,
    help: 'Use at least 14 px for the main text, and at least 10 px for any text.',
  },
  'all-capitals': {
    severity: 'info',
    message: 'A long text is in capitals',
    reference: 'https://www.w3.org/WAI/WCAG22/Understanding/readable',
    help: 'Use lower case: some screen readers spell out capitals, and all readers read them slowly.',
  },
  'justified-text': {
    severity: 'info',
    message: 'Text is justified',
    reference: `${WCAG}visual-presentation`,
    help: 'Align the text to one side: uneven gaps between words make it hard to read for many people.',
  },
  'moving-text': {
    severity: 'error',
    message: 'Text blinks or moves',
    reference: `${WCAG}pause-stop-hide`,
    help: 'Remove blink and marquee.',
  },
  'animated-image': {
    severity: 'info',
    message: 'An animated image repeats for ever and cannot be stopped',
    reference: `${WCAG}pause-stop-hide`,
    help: 'End the animation within five seconds, with at most three flashes per second.',
  },
  'control-without-label': {
    severity: 'error',
    message: 'A form control has no label',
    reference: `${WCAG}labels-or-instructions`,
    help: 'Add a <label for="…">, or an aria-label.',
  },
  'positive-tabindex': {
    severity: 'warning',
    message: 'A positive tabindex changes the order of keyboard focus',
    reference: `${WCAG}focus-order`,
    help: 'Use tabindex="0" or no tabindex, and write the elements in the right order.',
  },
  'hidden-focusable': {
    severity: 'error',
    message: 'An element that is hidden from screen readers can receive keyboard focus',
    reference: `${ARIA}aria-hidden`,
    help: 'Remove aria-hidden, or remove the focusable elements within it.',
  },
  'unknown-role': {
    severity: 'warning',
    message: 'The ARIA role does not exist',
    reference: `${ARIA}role_definitions`,
    help: 'Use a role of WAI-ARIA; for layout tables, use presentation.',
  },
} as const satisfies Record<string, CheckRule>;

export type AccessibilityRule = keyof typeof rules;

/** The ids of all rules of the accessibility check. */
export const ruleNames = Object.keys(rules) as AccessibilityRule[];

export const finding = findingsOf<AccessibilityRule>('accessibility', rules);
