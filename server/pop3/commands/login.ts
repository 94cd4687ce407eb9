/** USER and PASS (RFC 1939 §7), APOP, and AUTH (RFC 5034): the ways into a maildrop. */
import { createHash } from 'node:crypto';
import { sameSecret } from '../../net/sasl/secret.ts';
import { startSasl } from '../../net/sasl.ts';
import type { Pop3Command } from '../command.ts';
import { ok, Pop3Refusal } from '../reply.ts';

const wrong = (): Pop3Refusal => new Pop3Refusal('No such user, or another password', 'AUTH');

export const user: Pop3Command = {
  name: 'USER',
  states: ['authorization'],
  async run(session, _words, line) {
    const name = line.slice(5).trim();
    if (name === '') throw new Pop3Refusal('USER takes a name');
    session.requireSafeLogin();
    session.userGiven = name;
    await session.write(ok('Now the password'));
  },
};

export const pass: Pop3Command = {
  name: 'PASS',
  states: ['authorization'],
  async run(session, _words, line) {
    const name = session.userGiven;
    session.userGiven = null;
    if (name === null) throw new Pop3Refusal('USER comes first');
    const secret = await session.auth.secret(name);
    // A password may hold spaces, so all of the line after PASS is one.
    const right =
      secret.kind === 'any' || (secret.kind === 'password' && sameSecret(line.slice(5), secret.password));
    if (!right) throw wrong();
    await session.open(name);
  },
};

export const apop: Pop3Command = {
  name: 'APOP',
  states: ['authorization'],
  async run(session, words) {
    const [name = '', digest = ''] = words;
    if (name === '' || !/^[0-9a-f]{32}$/i.test(digest))
      throw new Pop3Refusal('APOP takes a name and 32 hex digits');
    const secret = await session.auth.secret(name);
    const right =
      secret.kind === 'any' ||
      (secret.kind === 'password' &&
        sameSecret(
          digest.toLowerCase(),
          createHash('md5')
            .update(session.stamp + secret.password)
            .digest('hex'),
        ));
    if (!right) throw wrong();
    await session.open(name);
  },
};

export const auth: Pop3Command = {
  name: 'AUTH',
  states: ['authorization'],
  async run(session, words) {
    const [mechanism, initial] = words;
    if (mechanism === undefined)
      throw new Pop3Refusal(`AUTH takes a mechanism: ${session.mechanisms.join(' ')}`);
    session.requireSafeLogin();
    const offered = session.mechanisms.some((name) => name === mechanism.toUpperCase());
    const exchange = offered ? startSasl(mechanism, session.auth) : null;
    if (exchange === null) throw new Pop3Refusal(`There is no mechanism ${mechanism}`);
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
      if (answer === '*') throw new Pop3Refusal('AUTH was given up', 'AUTH');
      response = fromBase64(answer);
    }
  },
};

function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new Pop3Refusal('That is no base64');
  return Buffer.from(text, 'base64');
}
