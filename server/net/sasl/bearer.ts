/**
 * The SASL mechanisms XOAUTH2 (of Google) and OAUTHBEARER (RFC 7628): authentication with a token instead of a
 * password. When any password is accepted, any token is accepted too; otherwise the token must equal the
 * configured password. As on real servers, a refusal is sent as JSON in a challenge, which the client answers
 * with an empty line.
 */
import { challenge, EMPTY, failure, type SaslMechanism, type SaslStep } from './exchange.ts';
import { saslName, sameSecret, settle } from './secret.ts';

interface Bearer {
  readonly user: string;
  readonly token: string;
}

/**
 * Matches the field of the client's response that contains the token. A client whose token is configured as the
 * empty string may also omit the space before the token.
 */
const TOKEN = /^auth=bearer(?: (.*))?$/i;

const REFUSED = JSON.stringify({ status: '401', schemes: 'bearer', scope: 'mail' });
const SEPARATOR = '\u0001';

/**
 * Returns the token from the client's response, i.e. from the first field that contains one; `null` if no field
 * contains a token.
 */
function readToken(fields: readonly string[]): string | null {
  const match = fields.map((field) => TOKEN.exec(field)).find((found) => found !== null);
  return match === undefined ? null : (match[1] ?? '');
}

function readXoauth2(text: string): Bearer | null {
  const fields = text.split(SEPARATOR);
  const user = fields.find((field) => field.startsWith('user='))?.slice(5);
  const token = readToken(fields);
  return user === undefined || token === null ? null : { user, token };
}

function readOauthBearer(text: string): Bearer | null {
  const header = /^[ny],(?:a=([^,]*))?,/.exec(text);
  const token = readToken(text.split(SEPARATOR));
  if (header === null || token === null) return null;
  return { user: saslName(header[1] ?? ''), token };
}

const bearer =
  (name: string, read: (text: string) => Bearer | null): SaslMechanism =>
  (world) => {
    let refused: SaslStep | null = null;
    return {
      async step(response) {
        if (refused !== null) return refused;
        if (response === null) return challenge(EMPTY);
        const given = read(response.toString());
        if (given === null) return failure(`${name} requires a user and a bearer token`);
        const outcome = await settle(world, given.user, (known) => sameSecret(given.token, known));
        if (outcome.kind !== 'failure') return outcome;
        refused = outcome;
        return challenge(REFUSED);
      },
    };
  };

export const xoauth2 = bearer('XOAUTH2', readXoauth2);
export const oauthBearer = bearer('OAUTHBEARER', readOauthBearer);
