/**
 * BDAT (RFC 3030 §2): the octets of a chunk follow the command at once, even if the server refuses the command.
 * Therefore the server reads the chunk to its end before it replies, also to a refused command. Only a
 * malformed size ends the session, because the server then could not distinguish the chunk from commands.
 */
import type { Session } from '../session.ts';
import { SmtpDisconnect, SmtpReply } from '../reply.ts';
import type { Transaction } from '../transaction.ts';
import type { SmtpCommand } from './command.ts';
import { needRecipients } from './data.ts';

const ARGUMENT = /^(\d{1,15})(?:\s+(LAST))?$/i;

export const bdat: SmtpCommand = {
  name: 'BDAT',
  async run(session, argument) {
    const match = ARGUMENT.exec(argument);
    if (match === null) throw new SmtpReply(501, '5.5.4', 'Syntax: BDAT size [LAST]', true);
    const size = Number(match[1]);
    const last = match[2] !== undefined;
    try {
      session.expectChunk(size, last, await begun(session));
    } catch (error) {
      if (error instanceof SmtpDisconnect) throw error;
      session.skipChunk(size, last, error);
    }
    return null;
  },
};

/**
 * Returns the transaction to which a BDAT chunk belongs. Throws an `SmtpReply` if MAIL or the
 * recipients are missing, or if the handler refuses the message.
 */
async function begun(session: Session): Promise<Transaction> {
  const { transaction } = session;
  if (transaction === null) throw new SmtpReply(503, '5.5.1', 'Need MAIL command');
  if (transaction.chunks !== null) return transaction;
  needRecipients(transaction);
  const agreed = await session.handler.data(transaction);
  // The handler may return a refusal instead of throwing it. Any other reply that it returns is meant as the reply
  // to DATA and is ignored, because BDAT has no such reply.
  if (agreed !== undefined && agreed.code >= 400)
    throw new SmtpReply(agreed.code, agreed.status, agreed.text);
  return transaction;
}
