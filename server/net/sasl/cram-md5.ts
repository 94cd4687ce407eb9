/**
 * The SASL mechanism CRAM-MD5 (RFC 2195): the client sends a digest of the server's challenge, keyed with the
 * password.
 */
import { createHmac } from 'node:crypto';
import { challenge, failure, type SaslMechanism } from './exchange.ts';
import { sameSecret, settle } from './secret.ts';

export const cramMd5: SaslMechanism = (world) => {
  let sent: string | null = null;
  return {
    async step(response) {
      if (sent === null) {
        if (response !== null && response.length > 0)
          return failure('CRAM-MD5 does not allow an initial response');
        sent = `<${world.nonce()}.${world.clock()}@${world.hostname}>`;
        return challenge(sent);
      }
      const asked = sent;
      const match = /^(.*) ([0-9a-f]{32})$/is.exec(response?.toString() ?? '');
      if (match === null) return failure('CRAM-MD5 requires a user, a space and 32 hex digits');
      const [, user = '', digest = ''] = match;
      return settle(world, user, (known) =>
        sameSecret(digest.toLowerCase(), createHmac('md5', known).update(asked).digest('hex')),
      );
    },
  };
};
