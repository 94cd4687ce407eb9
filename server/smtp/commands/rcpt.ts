/**
 * RCPT TO (RFC 5321 §4.1.1.3): adds a recipient. A repeated recipient is added again, so that the envelope contains
 * exactly what the client sent.
 */
import { DEFAULT_RECIPIENTS } from '../options.ts';
import { parsePath } from '../path.ts';
import { checkParameters } from '../parameters.ts';
import { reply, SmtpReply } from '../reply.ts';
import type { SmtpCommand } from './command.ts';
import { pathText } from './mail.ts';

export const rcpt: SmtpCommand = {
  name: 'RCPT',
  async run(session, argument) {
    const path = parsePath('TO', argument);
    if (path === 'address' || (typeof path === 'object' && path.address === '')) {
      throw new SmtpReply(501, '5.1.3', 'Bad recipient address syntax');
    }
    if (typeof path === 'string') throw new SmtpReply(501, '5.5.4', pathText(path, 'RCPT TO'));
    const { transaction } = session;
    if (transaction === null) throw new SmtpReply(503, '5.5.1', 'Need MAIL command');
    if (transaction.chunks !== null) throw new SmtpReply(503, '5.5.1', 'The message has begun with BDAT');
    const departures = [...path.departures, ...checkParameters('RCPT', path.given)];
    if (transaction.to.length >= (session.options.maxRecipients ?? DEFAULT_RECIPIENTS)) {
      throw new SmtpReply(452, '4.5.3', 'Too many recipients');
    }
    transaction.tried = true;
    const to = { address: path.address, parameters: path.parameters };
    const agreed = await session.handler.rcpt(to, transaction);
    transaction.to.push(to);
    transaction.departures.push(...departures);
    return agreed ?? reply(250, '2.1.5', 'Ok');
  },
};
