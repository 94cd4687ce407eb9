/**
 * XOAUTH2 (Google's) and OAUTHBEARER (RFC 7628): a token instead of a password. Any token will do where any
 * password does; otherwise the token is the configured password. A refusal is told as JSON in a challenge that
 * the client answers with an empty line, as the real ones do.
 */
import { challenge, EMPTY, failure, type SaslMechanism, type SaslStep } from './exchange.ts';
import { saslName, sameSecret, settle } from './secret.ts';

interface Bearer {
  readonly user: string;
  readonly token: string;
}

const REFUSED = JSON.stringify({ status: '401', schemes: 'bearer', scope: 'mail' });
const SEPARATOR = '\u0001';

function readXoauth2(text: string): Bearer | null {
  const fields = text.split(SEPARATOR);
  const user = fields.find((field) => field.startsWith('user='))?.slice(5);
  const token = /^auth=bearer (.+)$/i.exec(fields.find((field) => /^auth=/i.test(field)) ?? '')?.[1];
  return user === undefined || token === undefined ? null : { user, token };
}

function readOauthBearer(text: string): Bearer | null {
  const header = /^[ny],(?:a=([^,]*))?,/.exec(text);
  const token = text.split(SEPARATOR).map((field) => /^auth=bearer (.+)$/i.exec(field)?.[1]);
  const found = token.find((value) => value !== undefined);
  if (header === null || found === undefined) return null;
  return { user: saslName(header[1] ?? ''), token: found };
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
        if (given === null) return failure(`${name} takes a user and a bearer token`);
        const outcome = await settle(world, given.user, (known) => sameSecret(given.token, known));
        if (outcome.kind !== 'failure') return outcome;
        refused = outcome;
        return challenge(REFUSED);
      },
    };
  };

export const xoauth2 = bearer('XOAUTH2', readXoauth2);
export const oauthBearer = bearer('OAUTHBEARER', readOauthBearer);
