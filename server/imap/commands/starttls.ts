/**
 * STARTTLS (RFC 9051 §6.2.1). Commands that the client pipelined after STARTTLS before the TLS handshake are
 * discarded.
 */
import { command, noArguments, NOT_AUTHENTICATED } from './command.ts';
import { bad, statusText } from '../wire/response.ts';

export const starttls = command({
  name: 'STARTTLS',
  states: NOT_AUTHENTICATED,
  parse: noArguments,
  async run(session, _, { tag }) {
    if (session.connection.secure) throw bad('TLS is active already');
    const { secureContext } = session.deps;
    if (secureContext === null) throw bad('TLS is not configured');
    await session.connection.startTls(secureContext, statusText(tag, 'OK', null, 'Begin TLS'));
    return 'answered';
  },
});
