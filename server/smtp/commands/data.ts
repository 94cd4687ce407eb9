/**
 * DATA (RFC 5321 §4.1.1.4): replies 354 to let the client send the message; the session replies to the message
 * when it is complete.
 */
import { reply, SmtpReply } from '../reply.ts';
import type { Transaction } from '../transaction.ts';
import type { SmtpCommand } from './command.ts';

export const data: SmtpCommand = {
  name: 'DATA',
  async run(session, argument) {
    if (argument !== '') throw new SmtpReply(501, '5.5.4', 'Syntax: DATA');
    const { transaction } = session;
    if (transaction === null) throw new SmtpReply(503, '5.5.1', 'Need MAIL command');
    if (transaction.chunks !== null) throw new SmtpReply(503, '5.5.1', 'The message has begun with BDAT');
    needRecipients(transaction);
    const body = transaction.from.parameters['BODY'];
    if (typeof body === 'string' && /^BINARYMIME$/i.test(body)) {
      throw new SmtpReply(503, '5.5.1', 'BODY=BINARYMIME needs BDAT');
    }
    const agreed = await session.handler.data(transaction);
    // The client may send the message only after the reply 354; any other reply of the handler is sent as the
    // reply to DATA and ends the command.
    if (agreed !== undefined && agreed.code !== 354) return agreed;
    session.expectMessage(transaction);
    return agreed ?? reply(354, null, 'End data with <CR><LF>.<CR><LF>');
  },
};

/** Throws the reply that refuses DATA or BDAT if the transaction has no recipients. */
export function needRecipients({ to, tried }: Transaction): void {
  if (to.length > 0) return;
  throw tried
    ? new SmtpReply(554, '5.5.1', 'No valid recipients')
    : new SmtpReply(503, '5.5.1', 'Need RCPT command');
}
