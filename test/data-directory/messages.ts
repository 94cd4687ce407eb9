/** The messages of the stored data directory; all are small, and each is of a different kind. */

export interface SentMessage {
  readonly from: string;
  readonly to: readonly string[];
  /** Parameters of MAIL after the address, with a space before each. */
  readonly parameters?: string;
  /** Account name for AUTH PLAIN. */
  readonly user?: string;
  /** The lines of the message; each line ends with CRLF. */
  readonly lines: readonly string[];
}

const ALICE = 'alice@example.test';
const BOB = 'bob@example.test';

const header = (subject: string, n: number, ...more: readonly string[]): string[] => [
  'From: "Shop, Ltd." <shop@example.test>',
  `To: Alice <${ALICE}>`,
  `Subject: ${subject}`,
  `Date: Mon, 02 Nov 2026 08:${String(n).padStart(2, '0')}:00 +0100`,
  `Message-ID: <kind-${n}@example.test>`,
  ...more,
];

const mime = (type: string, encoding?: string): string[] => [
  'MIME-Version: 1.0',
  `Content-Type: ${type}`,
  ...(encoding === undefined ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
];

const toAlice = { from: 'shop@example.test', to: [ALICE] };

export const sentMessages: readonly SentMessage[] = [
  {
    ...toAlice,
    lines: [...header('Plain text', 1), '', 'Hello Alice,', '.', '..a line with dots', '-- ', 'Shop'],
  },
  {
    ...toAlice,
    lines: [
      ...header('Text and HTML', 2, ...mime('multipart/alternative; boundary=alt')),
      '',
      '--alt',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Read https://example.test/welcome first.',
      '--alt',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<!doctype html><html lang="en"><body><p>Read <a href="https://example.test/welcome">this</a> first.</p></body></html>',
      '--alt--',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('An attachment', 3, ...mime('multipart/mixed; boundary="mix ed"')),
      '',
      '--mix ed',
      'Content-Type: text/plain',
      '',
      'See the file.',
      '--mix ed',
      'Content-Type: application/pdf; name="report.pdf"',
      'Content-Transfer-Encoding: base64',
      "Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf",
      '',
      'JVBERi0xLjQKJcOkw7zDtsOfCg==',
      '--mix ed--',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('An inline image', 4, ...mime('multipart/related; boundary=rel; type="text/html"')),
      '',
      '--rel',
      'Content-Type: text/html',
      '',
      '<img src="cid:dot@example.test" alt="a dot">',
      '--rel',
      'Content-Type: image/gif; name=dot.gif',
      'Content-Transfer-Encoding: base64',
      'Content-ID: <dot@example.test>',
      'Content-Disposition: inline; filename=dot.gif',
      '',
      'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==',
      '--rel--',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('=?utf-8?q?R=C3=BCckfrage_?= =?iso-8859-1?B?/GJlcg==?=', 5),
      ...mime('text/plain; charset=iso-8859-1', 'quoted-printable'),
      '',
      'Gr=FC=DFe aus K=F6ln, mit einem weichen =',
      'Umbruch.',
    ],
  },
  {
    from: 'jürgen@bücher.example',
    to: ['иван@пример.example', ALICE],
    parameters: ' SMTPUTF8 BODY=8BITMIME',
    lines: [
      'From: Jürgen <jürgen@bücher.example>',
      'To: Иван <иван@пример.example>',
      'Subject: Адреса',
      'Date: Mon, 02 Nov 2026 08:06:00 +0100',
      'Message-ID: <kind-6@example.test>',
      ...mime('text/plain; charset=utf-8', '8bit'),
      '',
      'Привет, 世界.',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('A forwarded message', 7, ...mime('multipart/mixed; boundary=outer')),
      '',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      ...header('The inner message', 70, ...mime('text/html')),
      '',
      '<p>inner</p>',
      '--outer--',
    ],
  },
  {
    from: '',
    to: [BOB],
    lines: [
      'From: Mail Delivery <postmaster@example.test>',
      `To: ${BOB}`,
      'Subject: Undeliverable: hello',
      'Date: Mon, 02 Nov 2026 08:08:00 +0100',
      'Message-ID: <kind-8@example.test>',
      ...mime('multipart/report; report-type=delivery-status; boundary=dsn'),
      '',
      '--dsn',
      '',
      'Your message was not delivered.',
      '--dsn',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.test',
      '',
      'Final-Recipient: rfc822; nobody@example.test',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      '--dsn--',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('An invitation', 9, ...mime('text/calendar; method=REQUEST; charset=utf-8')),
      '',
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'SUMMARY:Lunch',
      'END:VEVENT',
      'END:VCALENDAR',
    ],
  },
  {
    from: 'list-bounces@lists.test',
    to: [ALICE, BOB, 'carol@example.test'],
    lines: [
      'From: News <news@lists.test>',
      'To: readers@lists.test',
      'Subject: Newsletter',
      'Date: Mon, 02 Nov 2026 08:10:00 +0100',
      'Message-ID: <kind-10@lists.test>',
      'List-Id: Readers <readers.lists.test>',
      'List-Unsubscribe: <mailto:leave@lists.test>, <https://lists.test/leave?u=1>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      '',
      'Three people get this copy, which no header says.',
    ],
  },
  {
    ...toAlice,
    user: BOB,
    lines: [...header('Your code', 11), '', 'Your verification code is 482913. It is valid for ten minutes.'],
  },
  {
    ...toAlice,
    lines: [
      ...header('Reply', 12, 'In-Reply-To: <kind-1@example.test>', 'References: <kind-1@example.test>'),
      '',
      '> Hello Alice,',
      'thanks',
    ],
  },
  {
    ...toAlice,
    lines: [
      ...header('Broken parts', 13, ...mime('multipart/mixed; boundary=never')),
      '',
      '--other',
      'The boundary of the header does not occur.',
    ],
  },
  { from: 'a@example.test', to: [BOB], lines: ['', 'A message without a header.'] },
  { from: 'a@example.test', to: [BOB], lines: ['Subject: A message without a body'] },
  {
    ...toAlice,
    lines: [
      ...header('Flowed', 16, ...mime('text/plain; format=flowed; delsp=yes')),
      '',
      'One paragraph in ',
      'two lines.',
    ],
  },
  {
    ...toAlice,
    parameters: ' BODY=8BITMIME RET=HDRS ENVID=QQ314159',
    lines: [
      ...header('Japanese', 17, ...mime('text/plain; charset=iso-2022-jp', '7bit')),
      '',
      '\u001b$BF|K\\8l\u001b(B',
    ],
  },
  {
    ...toAlice,
    to: ['relay@example.test'],
    lines: [...header('To be relayed', 18), '', 'This message is released.'],
  },
  { ...toAlice, lines: [...header('Removed', 19), '', 'This message is deleted.'] },
  {
    from: 'x@example.test',
    to: ['minted@example.test'],
    lines: [...header('For the minted account', 20), '', 'Hello.'],
  },
];

/** The messages that IMAP's APPEND stores, each as its lines. */
export const draft: readonly string[] = [
  `From: ${ALICE}`,
  `To: ${BOB}`,
  'Subject: Draft',
  'Message-ID: <draft@example.test>',
  '',
  'Not finished.',
];
