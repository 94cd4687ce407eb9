/**
 * The SASL mechanism SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. Both sides prove that they
 * know the password, so the mechanism works only for users whose password is configured.
 */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import {
  challenge,
  EMPTY,
  failure,
  success,
  type SaslMechanism,
  type SaslStep,
  type SaslWorld,
} from './exchange.ts';
import { saslName, sameSecret } from './secret.ts';

/** The iteration count of PBKDF2; RFC 7677 §4 requires at least 4096. */
const ITERATIONS = 4096;
const deriveKey = promisify(pbkdf2);

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
const attributes = (text: string): Map<string, string> =>
  new Map(text.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));

interface Begun {
  readonly user: string;
  /** The authorization identity that the client requests; empty when the client acts as the user who logs in. */
  readonly authorization: string;
  readonly password: string | null;
  readonly nonce: string;
  readonly salt: Buffer;
  readonly gs2: string;
  /** The server's first message, which is sent as a challenge. */
  readonly first: string;
  /** The text that both sides sign (`AuthMessage` in RFC 5802), without the client's last message. */
  readonly signed: string;
}

async function begin(world: SaslWorld, text: string): Promise<Begun | null> {
  // If the client requires an extension (m=) or channel binding (p=), the exchange must fail, because this server
  // supports neither (RFC 5802 §5.1, §6).
  const match = /^([ny],(?:a=([^,]*))?,)(n=([^,]*),r=([^,]+)(?:,.*)?)$/.exec(text);
  if (match === null) return null;
  const [, gs2 = '', authorization = '', bare = '', name = '', clientNonce = ''] = match;
  const user = saslName(name);
  const secret = await world.secret(user);
  const salt = world.randomBytes(16);
  const nonce = clientNonce + world.nonce();
  const first = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
  // For an unknown user, the server continues with the same challenge, so that a client cannot find out which
  // user names exist.
  const password = secret.kind === 'password' ? secret.password : null;
  const signed = `${bare},${first}`;
  return { user, authorization: saslName(authorization), password, nonce, salt, gs2, first, signed };
}

async function finish(begun: Begun, text: string): Promise<{ verifier: Buffer } | { reason: string }> {
  const { user, authorization, password, nonce, salt, gs2, signed } = begun;
  const proofAt = text.lastIndexOf(',p=');
  const given = attributes(text.slice(0, Math.max(0, proofAt)));
  if (proofAt < 0 || given.get('r') !== nonce || given.get('c') !== Buffer.from(gs2).toString('base64')) {
    return { reason: 'SCRAM: the nonce or the channel binding does not match' };
  }
  if (authorization !== '' && authorization !== user)
    return { reason: `${user} may not act as ${authorization}` };
  if (password === null) return { reason: `no password is known for ${user}` };
  const salted = await deriveKey(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const message = `${signed},${text.slice(0, proofAt)}`;
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  const clientKey = xor(Buffer.from(text.slice(proofAt + 3), 'base64'), hmac(storedKey, message));
  if (!sameSecret(createHash('sha256').update(clientKey).digest(), storedKey)) {
    return { reason: `wrong password for ${user}` };
  }
  return { verifier: hmac(hmac(salted, 'Server Key'), message) };
}

export const scramSha256: SaslMechanism = (world) => {
  let begun: Begun | null = null;
  let proved = false;
  return {
    async step(response): Promise<SaslStep> {
      if (response === null) return challenge(EMPTY);
      const text = response.toString();
      if (begun === null) {
        begun = await begin(world, text);
        return begun === null ? failure('SCRAM: the first message cannot be read') : challenge(begun.first);
      }
      if (proved) return success(begun.user);
      const outcome = await finish(begun, text);
      if ('reason' in outcome) return failure(outcome.reason);
      proved = true;
      return challenge(`v=${outcome.verifier.toString('base64')}`);
    },
  };
};
