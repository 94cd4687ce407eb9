/**
 * EHLO and HELO (RFC 5321 §4.1.1.1), and LHLO (RFC 2033 §4.1): the client sends its name, and the server lists its
 * extensions.
 */
import { reply, SmtpReply, type Reply } from '../reply.ts';
import type { Session } from '../session.ts';
import type { SmtpCommand } from './command.ts';

/**
 * The maximum number of characters of a client's name; the rest is cut off. A domain has at most 255 octets (RFC
 * 5321 §4.5.3.1.2), so a name that was cut off is still recognized as too long.
 */
const MAX_NAME = 300;
// eslint-disable-next-line no-control-regex -- the expression must find control characters
const BAD_NAME = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/;

async function greet(session: Session, argument: string, command: string): Promise<Reply> {
  const name = argument.slice(0, MAX_NAME);
  if (name === '' || BAD_NAME.test(name)) {
    throw new SmtpReply(501, '5.5.4', `Syntax: ${command} hostname`);
  }
  const agreed = await session.handler.helo(name);
  session.introduce(name);
  return (
    agreed ??
    reply(
      250,
      null,
      `${session.name} greets ${session.clientHostname === false ? 'you' : session.clientHostname}`,
    )
  );
}

/** Returns the extensions for the reply to EHLO that are available in this session. */
function extensions({ options, secure, authMechanisms, mayStartTls, trustsXclient }: Session): string[] {
  return [
    'PIPELINING',
    `SIZE ${options.maxMessageSize}`,
    '8BITMIME',
    'CHUNKING',
    'BINARYMIME',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'DSN',
    ...(authMechanisms.length > 0 ? [`AUTH ${authMechanisms.join(' ')}`] : []),
    ...(mayStartTls && !secure ? ['STARTTLS'] : []),
    ...(trustsXclient ? ['XCLIENT NAME ADDR PORT PROTO HELO LOGIN'] : []),
    'HELP',
  ];
}

export const ehlo: SmtpCommand = {
  name: 'EHLO',
  async run(session, argument) {
    const agreed = await greet(session, argument, session.options.lmtp === true ? 'LHLO' : 'EHLO');
    if (agreed.code !== 250) return agreed;
    return { ...agreed, text: [agreed.text, ...extensions(session)].join('\n') };
  },
};

export const helo: SmtpCommand = {
  name: 'HELO',
  run: (session, argument) => greet(session, argument, 'HELO'),
};
