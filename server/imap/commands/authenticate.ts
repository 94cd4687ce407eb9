/** The command AUTHENTICATE (RFC 9051 §6.2.2), which performs a SASL login, with an initial response (RFC 4959). */
import { ConnectionClosed } from '../../net/connection-error.ts';
import { startSasl } from '../../net/sasl/index.ts';
import { command, NOT_AUTHENTICATED } from './command.ts';
import { bad, no } from '../wire/response.ts';
import { loggedIn, requirePrivacy } from './login.ts';

interface AuthenticateArguments {
  readonly mechanism: string;
  /** The initial response, decoded from base64; `null` if the command had none. */
  readonly initial: Buffer | null;
}

export const authenticate = command<AuthenticateArguments>({
  name: 'AUTHENTICATE',
  states: NOT_AUTHENTICATED,
  capabilities: ['SASL-IR'],
  parse(decoder) {
    decoder.sp();
    const mechanism = decoder.unquoted(() => decoder.keyword('a mechanism'));
    return { mechanism, initial: decoder.acceptSp() ? decodeResponse(decoder.atom()) : null };
  },
  async run(session, { mechanism, initial }) {
    requirePrivacy(session);
    const exchange = startSasl(mechanism, session.deps.auth, { clock: session.deps.clock });
    if (exchange === null) throw no(null, `${mechanism} is not supported`);
    let response = initial;
    for (;;) {
      const step = await exchange.step(response);
      if (step.kind === 'success') return loggedIn(session, step.user);
      if (step.kind === 'failure') {
        session.log.debug({ reason: step.reason }, 'imap login refused');
        throw no('AUTHENTICATIONFAILED', 'Authentication failed');
      }
      const line = await session.prompt(step.data.toString('base64'));
      if (line === null) throw new ConnectionClosed();
      const text = line.toString('latin1');
      if (text === '*') throw bad('Authentication cancelled');
      response = decodeResponse(text);
    }
  },
});

/** Decodes a client's response in a SASL exchange: base64, or `=` for an empty response. */
function decodeResponse(text: string): Buffer {
  if (!/^(?:[A-Za-z0-9+/]*={0,2})$/.test(text) || (text.length % 4 !== 0 && text !== '=')) {
    throw bad('The response is not base64');
  }
  return Buffer.from(text, 'base64');
}
