/** The commands for login: USER and PASS (RFC 1939 §7), APOP, and AUTH (RFC 5034). */
import { createHash } from 'node:crypto';
import { sameSecret, settle } from '../../net/sasl/secret.ts';
import { startSasl } from '../../net/sasl/index.ts';
import type { Pop3Command } from '../command.ts';
import { listing, ok, Pop3Refusal } from '../reply.ts';
import type { Pop3Session } from '../session.ts';

const wrong = (): Pop3Refusal => new Pop3Refusal('Unknown user or wrong password', 'AUTH');

/**
 * Opens the mailbox (maildrop) of a user if `verify` accepts the user's password. Throws `Pop3Refusal`
 * otherwise.
 */
async function enter(session: Pop3Session, name: string, verify: (known: string) => boolean): Promise<void> {
  const step = await settle(session.auth, name, verify);
  if (step.kind !== 'success') {
    if (step.kind === 'failure') session.log('refused', step.reason);
    throw wrong();
  }
  await session.open(name);
}

export const user: Pop3Command = {
  name: 'USER',
  states: ['authorization'],
  async run(session, _words, rest) {
    session.requireSafeLogin();
    // USER accepts an empty name, which a client sends when its credentials are configured as empty strings;
    // PASS checks whether the client may log in.
    session.userGiven = rest.trim();
    await session.write(ok('Send the password'));
  },
};

export const pass: Pop3Command = {
  name: 'PASS',
  states: ['authorization'],
  secret: true,
  async run(session, _words, password) {
    const name = session.userGiven;
    session.userGiven = null;
    if (name === null) throw new Pop3Refusal('Send USER first');
    // A password may contain spaces, so all text after PASS is the password.
    await enter(session, name, (known) => sameSecret(password, known));
  },
};

export const apop: Pop3Command = {
  name: 'APOP',
  states: ['authorization'],
  secret: true,
  async run(session, words) {
    const [name = '', digest = ''] = words;
    if (name === '' || !/^[0-9a-f]{32}$/i.test(digest))
      throw new Pop3Refusal('APOP requires a name and 32 hex digits');
    session.requireSafeLogin();
    await enter(session, name, (known) => {
      const expected = createHash('md5')
        .update(session.stamp + known)
        .digest('hex');
      return sameSecret(digest.toLowerCase(), expected);
    });
  },
};

export const auth: Pop3Command = {
  name: 'AUTH',
  states: ['authorization'],
  secret: true,
  async run(session, words) {
    const [mechanism, initial] = words;
    if (mechanism === undefined) {
      // AUTH without a mechanism is not part of any standard. Clients that do not use CAPA request the list of
      // mechanisms this way, and other servers reply with a list.
      await session.write(listing('Mechanisms', session.mayLogin ? session.mechanisms : []));
      return;
    }
    session.requireSafeLogin();
    const offered = session.mechanisms.some((name) => name === mechanism.toUpperCase());
    const exchange = offered ? startSasl(mechanism, session.auth) : null;
    if (exchange === null) throw new Pop3Refusal(`Unknown mechanism ${mechanism}`);
    let response = initial === undefined ? null : fromBase64(initial === '=' ? '' : initial);
    for (;;) {
      const step = await exchange.step(response);
      if (step.kind === 'success') {
        await session.open(step.user);
        return;
      }
      if (step.kind === 'failure') {
        session.log('refused', step.reason);
        throw wrong();
      }
      await session.write(`+ ${step.data.toString('base64')}\r\n`);
      const answer = await session.readSecret();
      if (answer === null) return;
      if (answer === '*') throw new Pop3Refusal('AUTH was cancelled', 'AUTH');
      response = fromBase64(answer);
    }
  },
};

function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new Pop3Refusal('The response is not valid base64');
  return Buffer.from(text, 'base64');
}
