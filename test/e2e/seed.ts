/**
 * Sample mail that resembles the mail of real applications, for screenshots and tests; all of it was written for this
 * project.
 */
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Address } from '../helpers/sandbox.ts';
import { document, photo, sparkline } from './seed-pictures.ts';

const page = (accent: string, brand: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>
body{margin:0;background:#f3f2ef;color:#20201e;font:16px/1.55 'Helvetica Neue',Arial,sans-serif}
.card{max-width:560px;margin:0 auto;background:#fff;border-radius:12px;overflow:hidden}
.pad{padding:32px 36px}h1{font-size:24px;line-height:1.25;margin:0 0 14px}p{margin:0 0 16px}
.btn{display:inline-block;background:${accent};color:#fff!important;text-decoration:none;padding:12px 22px;border-radius:8px;font-weight:600}
.small{font-size:13px;color:#77746d}table{width:100%;border-collapse:collapse}td{padding:10px 0;border-bottom:1px solid #eceae5}
@media (prefers-color-scheme:dark){body{background:#151517;color:#e9e9ec}.card{background:#1f1f23}td{border-color:#34343a}.small{color:#9a9aa3}}
@media (max-width:480px){.pad{padding:24px 20px}}
</style></head><body><div style="padding:28px 12px"><div class="card">
<div style="background:${accent};color:#fff;padding:18px 36px;font-weight:700;letter-spacing:.2px">${brand}</div>
<div class="pad">${body}</div></div>
<p class="small" style="text-align:center;margin:18px 0 0">${brand} · 12 Canal Street, Utrecht · <a style="color:inherit" href="https://example.test/unsubscribe?u=81">Unsubscribe</a></p>
</div></body></html>`;

const row = (name: string, value: string): string =>
  `<tr><td>${name}</td><td style="text-align:right;font-weight:600">${value}</td></tr>`;

const welcome = (name: string): string =>
  page(
    '#146c4f',
    'Fernweh',
    `<h1>Welcome aboard, ${name}</h1>
<p>Your account is nearly ready. Confirm the address and you can start planning your first trip.</p>
<p><a class="btn" href="https://fernweh.example.test/verify?token=9f2c61d0a7e84b">Confirm my address</a></p>
<p>Or type this code where the app asks for it:</p>
<p style="font:700 30px/1 ui-monospace,Menlo,monospace;letter-spacing:6px">739 204</p>
<p class="small">The link and the code work for 30 minutes. If you did not sign up, there is nothing to do.</p>`,
  );

const receipt = page(
  '#2f3e8f',
  'Paperboy',
  `<h1>Receipt for October</h1><p>Thank you, Mara. Your card ending in 4242 was charged.</p>
<table>${row('Team plan, 8 seats', '€ 96.00')}${row('Extra storage, 50 GB', '€ 5.00')}${row('VAT, 21 %', '€ 21.21')}
<tr><td style="border:0;font-weight:700">Total</td><td style="border:0;text-align:right;font-weight:700">€ 122.21</td></tr></table>
<p style="margin-top:20px"><a class="btn" href="https://paperboy.example.test/invoices/2026-1107">View invoice</a></p>`,
);

const digest = page(
  '#8a3b12',
  'Kiln Studio',
  `<h1>What the kiln made this week</h1><img src="cid:bowl@kiln" alt="Three glazed bowls" width="488" style="width:100%;border-radius:8px;margin-bottom:16px">
<p>Seven bowls, two happy accidents, and a glaze that turned out the colour of the sea at six in the morning.</p>
<p>Visits by the week: <img src="cid:visits@kiln" alt="Rising" style="vertical-align:middle"></p>
<p><a class="btn" href="https://kiln.example.test/shop">See the shelf</a></p>`,
);

export const invitation = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:review-46@fernweh.example.test\r\nDTSTART:20261125T140000Z\r\nDTEND:20261125T150000Z\r\nSUMMARY:Design review\\, winter release\r\nLOCATION:Canal room\r\nATTENDEE:mailto:mara@fernweh.example.test\r\nDESCRIPTION:Bring the open questions.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

/** The sample messages, from the oldest to the newest. */
export const messages: readonly SendMailOptions[] = [
  {
    from: 'Nightly Jobs <jobs@fernweh.example.test>',
    to: 'ops@fernweh.example.test',
    subject: 'Backup finished in 4 min 12 s',
    text: 'db-main   2.4 GB  ok\ndb-events 9.1 GB  ok\nmedia     in step, 312 files new\n\nNext run: tomorrow 03:00 UTC\n',
    headers: { 'auto-submitted': 'auto-generated' },
  },
  {
    from: 'Kiln Studio <hello@kiln.example.test>',
    to: 'readers@lists.example.test',
    subject: 'What the kiln made this week 🍵',
    text: 'Seven bowls, two happy accidents, and a new glaze.\n\nhttps://kiln.example.test/shop\n',
    html: digest,
    list: { unsubscribe: 'https://kiln.example.test/unsubscribe?u=81', id: 'kiln weekly' },
    attachments: [
      { filename: 'bowls.png', content: photo(), cid: 'bowl@kiln', contentDisposition: 'inline' },
      { filename: 'visits.png', content: sparkline(), cid: 'visits@kiln', contentDisposition: 'inline' },
    ],
  },
  {
    from: 'Jonas Weber <jonas@example.test>',
    to: 'support@fernweh.example.test',
    cc: 'mara@fernweh.example.test',
    subject: 'Re: Booking 20817 has the wrong dates',
    inReplyTo: '<20817.1@fernweh.example.test>',
    text: 'Hi Mara,\n\nthat did it, thank you! One more thing: could the confirmation go to my wife as well?\n\n> I moved the booking to 4–9 December. You should have a new\n> confirmation by now.\n\nJonas\n',
  },
  {
    from: 'Paperboy Billing <billing@paperboy.example.test>',
    to: 'Mara Lindqvist <mara@fernweh.example.test>',
    subject: 'Your receipt for October, € 122.21',
    text: 'Team plan, 8 seats  € 96.00\nExtra storage        € 5.00\nVAT, 21 %           € 21.21\nTotal              € 122.21\n\nView invoice: https://paperboy.example.test/invoices/2026-1107\n',
    html: receipt,
    attachments: [
      { filename: 'invoice-2026-1107.pdf', content: document(), contentType: 'application/pdf' },
      {
        filename: 'seats.csv',
        content: 'name,since\nMara,2024-03-01\nJonas,2025-06-12\n',
        contentType: 'text/csv',
      },
    ],
  },
  {
    from: 'Mara Lindqvist <mara@fernweh.example.test>',
    to: ['anna@fernweh.example.test', 'Bao Tran <bao@fernweh.example.test>'],
    bcc: 'archive@fernweh.example.test',
    subject: 'Design review, Wednesday 14:00',
    text: 'All,\n\nthe agenda is short: the new search, empty states, and what we cut.\n\nMara\n',
    attachments: [
      { filename: 'invite.ics', content: invitation, contentType: 'text/calendar; method=REQUEST' },
      { filename: 'canal-room.png', content: photo(), contentType: 'image/png' },
    ],
  },
  {
    from: 'Fernweh <no-reply@fernweh.example.test>',
    to: 'lea@example.test',
    subject: 'Reset your password',
    text: 'Somebody asked to reset the password of your account.\n\nhttps://fernweh.example.test/reset?token=51d0c2f7\n\nThe link works for one hour.\n',
    html: page(
      '#146c4f',
      'Fernweh',
      '<h1>Reset your password</h1><p>Somebody, hopefully you, asked for a new password.</p><p><a class="btn" href="https://fernweh.example.test/reset?token=51d0c2f7">Reset password</a></p><p class="small">The link works for one hour.</p>',
    ),
  },
  {
    from: 'Błażej Żółć <blazej@example.test>',
    to: 'support@fernweh.example.test',
    subject: 'Zażółć gęślą jaźń — pytanie o rezerwację',
    text: 'Dzień dobry,\n\nczy mogę zmienić termin wyjazdu na styczeń?\n\nPozdrawiam\nBłażej\n',
  },
  {
    from: 'Fernweh <no-reply@fernweh.example.test>',
    to: 'Noor de Vries <noor@example.test>',
    subject: 'Welcome aboard, Noor: confirm your address',
    text: 'Welcome aboard, Noor!\n\nConfirm your address: https://fernweh.example.test/verify?token=9f2c61d0a7e84b\nOr type the code 739204.\n',
    html: welcome('Noor'),
    headers: { 'x-template': 'welcome/4', 'list-unsubscribe': '<https://example.test/unsubscribe?u=81>' },
  },
];

/** Sends messages one after another, so that they arrive in this order. */
export async function send({ host, port }: Address, mail: readonly SendMailOptions[]): Promise<void> {
  const transport = createTransport({ host, port, pool: true, maxConnections: 1 });
  for (const message of mail) await transport.sendMail(message);
  transport.close();
}
