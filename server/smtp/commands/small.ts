/** The simple commands RSET, NOOP, QUIT, VRFY and HELP, and the commands that are known but not implemented. */
import { reply, SmtpReply } from '../reply.ts';
import type { SmtpCommand } from './command.ts';

const rset: SmtpCommand = {
  name: 'RSET',
  run(session, argument) {
    if (argument !== '') throw new SmtpReply(501, '5.5.4', 'Syntax: RSET');
    session.resetTransaction();
    return reply(250, '2.0.0', 'Ok');
  },
};

const noop: SmtpCommand = { name: 'NOOP', run: () => reply(250, '2.0.0', 'Ok') };

const quit: SmtpCommand = {
  name: 'QUIT',
  // QUIT is accepted even with an argument.
  run: () => ({ ...reply(221, '2.0.0', 'Bye'), close: true }),
};

const vrfy: SmtpCommand = {
  name: 'VRFY',
  run(_session, argument) {
    if (argument === '') throw new SmtpReply(501, '5.5.4', 'Syntax: VRFY address');
    // Every address is accepted, so the server cannot verify whether an address exists; RFC 5321 §3.5.3 defines
    // the reply 252 for this case.
    return reply(252, '2.1.5', 'Cannot verify, but will take the message and attempt delivery');
  },
};

const help: SmtpCommand = {
  name: 'HELP',
  run({ options }) {
    const fate =
      options.relays === true ? 'delivers to the recipients that its relay allows' : 'delivers nothing';
    const commands = 'EHLO HELO AUTH STARTTLS MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT';
    return reply(214, '2.0.0', `Restante captures mail and ${fate}\nCommands: ${commands}`);
  },
};

/**
 * Commands that are known but not implemented. The reply 502 distinguishes them from misspelt commands (RFC 5321
 * §4.2.4).
 */
const unimplemented = ['EXPN', 'ETRN', 'TURN', 'ATRN', 'SEND', 'SOML', 'SAML', 'BURL'].map(
  (name): SmtpCommand => ({
    name,
    run: () => {
      throw new SmtpReply(502, '5.5.1', `${name} is not implemented`);
    },
  }),
);

export const smallCommands: readonly SmtpCommand[] = [rset, noop, quit, vrfy, help, ...unimplemented];
