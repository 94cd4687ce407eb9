/** Sends careless input over a connection to any IMAP server. */
import type { State } from '../../server/imap/session/session.ts';
import type { ImapTalk } from '../helpers/imap.ts';

export const messageOf = (subject: string): string =>
  `Subject: ${subject}\r\nFrom: a@x.test\r\nDate: Fri, 2 Jan 2026 03:04:05 +0000\r\nMessage-ID: <${subject}@x>\r\n\r\nbody\r\n`;

export async function openState(talk: ImapTalk, state: State, login: string): Promise<void> {
  if (state !== 'not-authenticated') await talk.ok(login);
  if (state === 'selected') await talk.ok('SELECT INBOX');
}

/** Returns the tagged response without its tag. Continuation requests of IDLE and AUTHENTICATE are answered. */
export async function answerTo(talk: ImapTalk, command: string): Promise<string> {
  talk.write(`x ${command}\r\n`);
  for (;;) {
    const line = await talk.line();
    if (line.startsWith('x ')) return line.slice(2);
    if (!line.startsWith('+')) continue;
    if (/^idle/i.test(command)) talk.write('DONE\r\n');
    if (/^authenticate/i.test(command)) talk.write('*\r\n');
  }
}
