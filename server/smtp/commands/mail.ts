/** MAIL FROM (RFC 5321 §4.1.1.2): begins a transaction. */
import { parsePath } from '../path.ts';
import { checkParameters } from '../parameters.ts';
import { reply, SmtpReply } from '../reply.ts';
import type { SmtpCommand } from './command.ts';

export const mail: SmtpCommand = {
  name: 'MAIL',
  async run(session, argument) {
    const { options } = session;
    const path = parsePath('FROM', argument);
    if (path === 'address') throw new SmtpReply(501, '5.1.7', 'Bad sender address syntax');
    if (typeof path === 'string') throw new SmtpReply(501, '5.5.4', pathText(path, 'MAIL FROM'));
    if (session.transaction !== null) throw new SmtpReply(503, '5.5.1', 'Nested MAIL command');
    if (options.requireTls && !session.secure) {
      throw new SmtpReply(530, '5.7.0', 'Must issue a STARTTLS command first');
    }
    session.countMessage();
    const departures = [...path.departures, ...checkParameters('MAIL', path.given)];
    if (Number(path.parameters['SIZE'] ?? 0) > options.maxMessageSize) {
      const text = `Message exceeds the maximum size of ${options.maxMessageSize} octets`;
      throw new SmtpReply(552, '5.3.4', text);
    }
    const from = { address: path.address, parameters: path.parameters };
    const agreed = await session.handler.mail(from);
    session.beginTransaction(from, departures);
    return agreed ?? reply(250, '2.1.0', 'Ok');
  },
};

/** Returns the text of the reply that refuses a malformed path. */
export function pathText(problem: string, command: string): string {
  if (problem === 'parameter') return 'Bad parameter syntax';
  return `Syntax: ${command}:<address>`;
}
