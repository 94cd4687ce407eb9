/** RETR and TOP: a message, and its beginning. */
import type { Pop3Command } from '../command.ts';
import type { Drop } from '../maildrop.ts';
import { ok, Pop3Refusal, stuffed, topOf } from '../reply.ts';
import type { Pop3Session } from '../session.ts';

async function read(session: Pop3Session, drop: Drop): Promise<Buffer> {
  const bytes = await session.maildrop.read(drop);
  if (bytes === undefined) throw new Pop3Refusal(`Message ${drop.number} was deleted elsewhere`);
  return bytes;
}

export const retr: Pop3Command = {
  name: 'RETR',
  states: ['transaction'],
  async run(session, words) {
    const drop = session.dropOf(words[0]);
    const bytes = await read(session, drop);
    await session.maildrop.markSeen(drop);
    await session.answer(ok(`${bytes.length} octets`), stuffed(bytes));
  },
};

export const top: Pop3Command = {
  name: 'TOP',
  states: ['transaction'],
  async run(session, words) {
    const drop = session.dropOf(words[0]);
    const lines = words[1] ?? '';
    if (!/^\d{1,9}$/.test(lines)) throw new Pop3Refusal('TOP takes a message and a number of lines');
    const bytes = topOf(await read(session, drop), Number(lines));
    await session.answer(ok(`The top of message ${drop.number}`), stuffed(bytes));
  },
};
