/** Forty messages that differ in their structure, header fields, charsets and recipients. */

export interface VariedMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** The Message-ID without angle brackets, by which a test finds the message again. */
  readonly messageId: string;
}

interface Parts {
  readonly from?: string;
  readonly to?: readonly string[];
  /**
   * The lines of the header other than the default fields From, To, Subject, Date and Message-ID; a line with the name
   * of a default field replaces the default.
   */
  readonly header?: readonly string[];
  readonly body?: readonly string[];
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

const multipart = (subtype: string, boundary: string, ...parts: readonly (readonly string[])[]): string[] => [
  `Content-Type: multipart/${subtype}; boundary=${boundary}`,
  '',
  ...parts.flatMap((part) => [`--${boundary}`, ...part]),
  `--${boundary}--`,
];
const text = (...lines: readonly string[]): string[] => [
  'Content-Type: text/plain; charset=utf-8',
  '',
  ...lines,
];
const html = (...lines: readonly string[]): string[] => [
  'Content-Type: text/html; charset=utf-8',
  '',
  ...lines,
];
const file = (type: string, disposition: string, content: string, ...more: readonly string[]): string[] => [
  `Content-Type: ${type}`,
  ...(disposition === '' ? [] : [`Content-Disposition: ${disposition}`]),
  ...more,
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from(content).toString('base64'),
];
const pixel = (id: string, disposition = 'inline; filename=pixel.png'): string[] => [
  'Content-Type: image/png; name=pixel.png',
  ...(disposition === '' ? [] : [`Content-Disposition: ${disposition}`]),
  `Content-ID: <${id}>`,
  'Content-Transfer-Encoding: base64',
  '',
  PIXEL,
];

const alternative = multipart(
  'alternative',
  'alt',
  text('The plain form'),
  html('<p>The <b>rich</b> form</p>'),
);

/** The messages, each without the header fields that all of them have. */
const messages: readonly Parts[] = [
  { body: text('A plain message about apples.') },
  { body: html('<h1>Only HTML</h1><p>with pears &amp; plums</p>') },
  { body: alternative },
  {
    body: multipart(
      'mixed',
      'm',
      text('With a report'),
      file('application/pdf', 'attachment; filename="report.pdf"', '%PDF-1.4'),
    ),
  },
  {
    body: multipart(
      'mixed',
      'm',
      text('With octets'),
      file('application/octet-stream', '', 'octets', 'X-Note: none'),
    ),
  },
  { body: multipart('related', 'r', html('<img src="cid:pixel@x.test">'), pixel('pixel@x.test')) },
  { body: multipart('related', 'r', html('<img src="cid:bare@x.test">'), pixel('bare@x.test', '')) },
  {
    body: multipart(
      'mixed',
      'm',
      multipart('related', 'r', alternative, pixel('deep@x.test')),
      file('text/csv', 'attachment; filename=table.csv', 'a,b'),
    ),
  },
  {
    body: multipart(
      'mixed',
      'm',
      text('A text file'),
      file('text/plain', 'attachment; filename=notes.txt', 'notes'),
    ),
  },
  { body: multipart('mixed', 'm', text('Two texts'), text('the second')) },
  { header: ['Subject: =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?='], body: text('Grüße') },
  {
    header: ['Subject: =?iso-8859-1?Q?Caf=E9?='],
    body: [
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Un caf=E9 noir',
    ],
  },
  {
    body: [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('Encoded in base64\n').toString('base64'),
    ],
  },
  {
    header: [
      'List-Unsubscribe: <mailto:leave@x.test>, <https://x.test/leave>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ],
    body: text('A newsletter'),
  },
  { header: ['List-Unsubscribe: https://x.test/leave'], body: text('A faulty newsletter') },
  { header: ['List-Unsubscribe: <https://x.test/1>, <https://x.test/2>'], body: text('Two links') },
  {
    header: ['Cc: Carol <carol@copies.test>, dave@copies.test'],
    to: ['bob@recipients.test', 'carol@copies.test', 'dave@copies.test'],
    body: text('With copies'),
  },
  { to: ['bob@recipients.test', 'hidden@secret.test'], body: text('With a hidden recipient') },
  {
    header: ['Bcc: listed@secret.test'],
    to: ['bob@recipients.test', 'listed@secret.test'],
    body: text('With a Bcc field'),
  },
  {
    header: ['Reply-To: Desk <desk@replies.test>, second@replies.test'],
    body: text('With addresses for replies'),
  },
  { header: ['From: "Smith, Anna" <anna@senders.test>'], body: text('A comma in the name') },
  { header: ['From: =?utf-8?Q?J=C3=B6rg?= <joerg@senders.test>'], body: text('An encoded name') },
  { header: ['To: undisclosed-recipients:;'], body: text('A group without members') },
  {
    header: ['To: Bob <bob@recipients.test>, "Bob Two" <bob.two@recipients.test>'],
    body: text('Two recipients'),
  },
  { header: ['Subject:'], body: text('No subject') },
  { body: text('') },
  { body: text('Long. '.repeat(1000)) },
  {
    body: multipart('mixed', 'm', text('A forwarded message'), [
      'Content-Type: message/rfc822',
      'Content-Disposition: attachment; filename=inner.eml',
      '',
      'Subject: Inner',
      '',
      'inner body',
    ]),
  },
  {
    body: multipart('alternative', 'a', text('An invitation'), [
      'Content-Type: text/calendar; method=REQUEST; name=invite.ics',
      '',
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
    ]),
  },
  {
    body: multipart(
      'mixed',
      'm',
      text('A long name'),
      file('image/png', "attachment; filename*=utf-8''na%C3%AFve%20file.png", 'png'),
    ),
  },
  {
    header: ['X-Priority: 1', 'X-Repeated: one', 'X-Repeated: two', 'X-Folded: first', '  second'],
    body: text('Many fields'),
  },
  {
    header: ['Return-Path: <bounces@senders.test>'],
    from: 'bounces@senders.test',
    body: text('Another sender in the envelope'),
  },
  {
    body: [
      'Content-Type: application/pdf; name=alone.pdf',
      'Content-Disposition: attachment; filename=alone.pdf',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('%PDF').toString('base64'),
    ],
  },
  {
    body: multipart(
      'mixed',
      'm',
      html('<p>A page</p>'),
      file('text/html', 'attachment; filename=page.html', '<script>1</script>'),
    ),
  },
  {
    body: multipart(
      'mixed',
      'm',
      text('A picture'),
      file('image/svg+xml', 'inline; filename=drawing.svg', '<svg/>'),
    ),
  },
  { body: html('<table><tr><td style="position:absolute;border-radius:3px">Styled</td></tr></table>') },
  { body: html('<a href="http://127.0.0.1:9/private">A private link</a>') },
  { header: ['Subject: =?utf-8?B?8J+OiSBQYXJ0eQ==?='], body: text('An emoji 🎉') },
  { header: ['Subject: 50%_off "today"'], body: text('Special characters: 100% of a_b') },
  { header: ['To: "quoted local"@recipients.test'], body: text('A quoted local part') },
];

function complete(
  { from = 'ann@senders.test', to = ['bob@recipients.test'], header = [], body = [] }: Parts,
  number: number,
): VariedMessage {
  const messageId = `message-${number}@senders.test`;
  const defaults = [
    'From: Ann Sender <ann@senders.test>',
    'To: Bob <bob@recipients.test>',
    `Subject: Message ${number}`,
    `Date: Mon, 23 Nov 2026 10:${String(number).padStart(2, '0')}:00 +0100`,
    `Message-ID: <${messageId}>`,
    'MIME-Version: 1.0',
  ];
  const nameOf = (line: string): string => (line.split(':')[0] ?? '').toLowerCase();
  const given = new Set(header.map(nameOf));
  const lines = [...defaults.filter((line) => !given.has(nameOf(line))), ...header, ...body, ''];
  return { from, to, raw: lines.join('\r\n'), messageId };
}

export const variedMessages: readonly VariedMessage[] = messages.map(complete);
