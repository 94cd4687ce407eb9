/** The commands for the session itself: CAPA, NOOP, STLS, UTF8 and QUIT (RFC 2449, 2595, 6856). */
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
    await session.write(listing('Capabilities', lines));
  },
};

export const noop: Pop3Command = {
  name: 'NOOP',
  states: ['transaction'],
  async run(session) {
    await session.write(ok('No operation'));
  },
};

export const stls: Pop3Command = {
  name: 'STLS',
  states: ['authorization'],
  async run(session) {
    if (!session.mayStartTls) throw new Pop3Refusal('TLS is not available or already active');
    await session.startTls(ok('Begin TLS'));
  },
};

/** UTF8 (RFC 6856 §2). The command changes nothing, because messages are always sent as they were captured. */
export const utf8: Pop3Command = {
  name: 'UTF8',
  states: ['authorization'],
  async run(session) {
    await session.write(ok('UTF-8 is active'));
  },
};

export const quit: Pop3Command = {
  name: 'QUIT',
  states: ['authorization', 'transaction'],
  async run(session) {
    // The session ends even if the messages that are marked as deleted cannot be deleted (RFC 1939 §6).
    session.end();
    const gone = session.state === 'transaction' ? await session.maildrop.update() : 0;
    await session.write(ok(gone === 0 ? 'Goodbye' : `Goodbye, ${gone} messages deleted`));
  },
};
