/**
 * The SASL mechanism PLAIN (RFC 4616): the client sends the authorization identity, the user name and the
 * password in one response.
 */
import { challenge, EMPTY, failure, type SaslMechanism } from './exchange.ts';
import { sameSecret, settle } from './secret.ts';

export const plain: SaslMechanism = (world) => ({
  async step(response) {
    if (response === null) return challenge(EMPTY);
    const fields = response.toString().split('\0');
    const [authorization = '', user = '', password = ''] = fields;
    if (fields.length !== 3) return failure('PLAIN requires three fields separated by NUL');
    if (authorization !== '' && authorization !== user) {
      return failure(`${user} may not act as ${authorization}`);
    }
    return settle(world, user, (known) => sameSecret(password, known));
  },
});
