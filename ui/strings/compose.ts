/** Texts of the window in which messages are written. */

import { count } from '../format.ts';

export const composeStrings = {
  compose: {
    title: 'New message',
    reply: 'Reply',
    replyAll: 'Reply to all',
    forward: 'Forward',
    hint: 'Restante captures this message like mail from an application.',
    from: 'From',
    to: 'To',
    cc: 'Cc',
    bcc: 'Bcc',
    subject: 'Subject',
    text: 'Text',
    html: 'HTML',
    body: 'Body',
    htmlSource: 'HTML source',
    htmlPreview: 'Preview of the HTML',
    send: 'Send',
    sent: 'Sent',
    closed: 'Closed; the draft is kept',
    discard: 'Discard the draft',
    discardedDraft: 'Draft discarded',
    reopen: 'Open again',
    handed: (reply: string) => `The application replied: ${reply}`,
    rejected: (to: string, reply: string) => `${to} was refused: ${reply}`,
    where: 'Destination',
    capture: 'Into the sandbox',
    application: 'To the application',
    applicationHint: (url: string) => `Sent to ${url}. Restante does not capture it.`,
    noApplication:
      'To send to your application, start Restante with --app and the address of the application.',
    attach: 'Attach files',
    attached: 'Attachments',
    detach: (name: string) => `Do not attach ${name}`,
    attachFailed: (why: string) => `Not attached: ${why}`,
    discarded: 'Accepted; a rule discarded the message',
    fromNeeded: 'Enter a sender.',
    toNeeded: 'Enter a recipient.',
    quoted: (who: string, when: string) => `On ${when}, ${who} wrote:`,
    forwarded: 'Forwarded message',
  },

  resend: {
    action: 'Send again to…',
    title: 'Send again',
    hint: 'Restante captures the same bytes once more, for these recipients of the envelope.',
  },

  dropped: {
    added: (n: number) => (n === 1 ? '1 message added' : `${count(n)} messages added`),
    failed: (name: string, why: string) => `${name} was not added: ${why}`,
  },
} as const;
