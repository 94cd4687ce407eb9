/** CAPA, NOOP, STLS, UTF8 and QUIT: the session itself (RFC 2449, 2595, 6856). */
import type { Pop3Command } from '../command.ts';
import { listing, ok, Pop3Refusal } from '../reply.ts';

export const capa: Pop3Command = {
  name: 'CAPA',
  states: ['authorization', 'transaction'],
  async run(session) {
    const lines = ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'UTF8 USER'];
    if (session.state === 'authorization') {
      if (session.mayLogin) lines.push('USER', `SASL ${session.mechanisms.join(' ')}`);
      if (session.mayStartTls) lines.push('STLS');
    }
    lines.push(`IMPLEMENTATION Restante-${session.version}`);
    await session.write(listing('What this server can do', lines));
  },
};

export const noop: Pop3Command = {
  name: 'NOOP',
  states: ['transaction'],
  async run(session) {
    await session.write(ok('Still here'));
  },
};

export const stls: Pop3Command = {
  name: 'STLS',
  states: ['authorization'],
  async run(session) {
    if (!session.mayStartTls) throw new Pop3Refusal('TLS is not to be had here, or is on already');
    await session.startTls(ok('Begin TLS'));
  },
};

/** RFC 6856 §2. Messages go out as they were captured, so there is nothing to switch on. */
export const utf8: Pop3Command = {
  name: 'UTF8',
  states: ['authorization'],
  async run(session) {
    await session.write(ok('UTF-8 it is'));
  },
};

export const quit: Pop3Command = {
  name: 'QUIT',
  states: ['authorization', 'transaction'],
  async run(session) {
    // Whatever becomes of the deletions, the session ends (RFC 1939 §6).
    session.end();
    const gone = session.state === 'transaction' ? await session.maildrop.update() : 0;
    await session.write(ok(gone === 0 ? 'Goodbye' : `Goodbye, ${gone} messages deleted`));
  },
};
