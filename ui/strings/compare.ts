/** Texts of the comparison of two messages. */
import { count } from '../format.ts';

export const compareStrings = {
  compare: {
    title: 'Compare',
    back: 'Back',
    with: 'Compare with…',
    withHint: 'Choose the message to compare with this one.',
    two: 'Compare the two',
    filter: 'Find a message, or to:bob subject:welcome',
    none: 'No other message matches.',
    similar: 'Same subject',
    views: { rendered: 'HTML', text: 'Text', headers: 'Headers', source: 'HTML source' },
    which: 'Compared content',
    left: 'Left message',
    right: 'Right message',
    swap: 'Swap sides',
    only: 'Only differences',
    next: 'Next difference',
    previous: 'Previous difference',
    /**
     * Returns a text with the number of the current difference and the number of all differences; `at` is 0
     * before the first difference is visited.
     */
    stops: (at: number, total: number) =>
      at === 0
        ? `${count(total)} ${total === 1 ? 'difference' : 'differences'}`
        : `${count(at)} of ${count(total)}`,
    same: 'No difference',
    noHtml: 'no HTML body',
    noText: 'no text body',
    tooDifferent: 'The messages have too little in common: differences are not marked.',
    cut: (shown: string) => `Only the first ${shown} of each message are compared.`,
    equalLines: (n: number) => `${count(n)} equal ${n === 1 ? 'line' : 'lines'}`,
    sides: { left: 'Left', right: 'Right' },
    frame: (subject: string) => `HTML body of ${subject}`,
    groups: { envelope: 'Envelope', attachments: 'Attachments' },
    attachment: 'Attachment',
    gone: 'One of the messages no longer exists',
    failed: 'The messages could not be loaded',
  },
} as const;
