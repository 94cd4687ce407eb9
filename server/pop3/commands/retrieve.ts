/** The commands that send a message: RETR sends the whole message, TOP the header and the first lines of the body. */
import { ConnectionClosed } from '../../net/connection-error.ts';
import type { Pop3Command } from '../command.ts';
import type { Drop } from '../maildrop.ts';
import { DotStuffing, ok, Pop3Refusal, Top } from '../reply.ts';
import type { Pop3Session } from '../session.ts';

/**
 * Returns the first slice of a message. Throws `Pop3Refusal` if the message was deleted in the meantime. An error
 * reply is still possible then, because no octet of the message has been sent.
 */
async function firstSlice(session: Pop3Session, drop: Drop): Promise<Buffer> {
  const slice = await session.maildrop.read(drop, 0);
  if (slice === undefined) throw new Pop3Refusal(`Message ${drop.number} was deleted elsewhere`);
  return slice;
}

/**
 * Sends a message in slices; each slice is sent after the client has received the previous slice.
 *
 * @param top selects the part of the message that TOP sends; `null` sends the whole message
 * @throws ConnectionClosed when the message is deleted in the meantime: POP3 cannot report an error in the middle of a
 *   message
 */
async function send(session: Pop3Session, drop: Drop, first: Buffer, top: Top | null): Promise<void> {
  const stuffing = new DotStuffing();
  const { size } = drop.placement;
  let slice: Buffer | undefined = first;
  for (let at = 0; ; slice = await session.maildrop.read(drop, at)) {
    if (slice === undefined) {
      session.drop();
      throw new ConnectionClosed();
    }
    at += slice.length;
    await session.send(stuffing.push(top === null ? slice : top.push(slice)));
    if (at >= size || slice.length === 0 || top?.done === true) break;
  }
  await session.send(stuffing.end());
}

export const retr: Pop3Command = {
  name: 'RETR',
  states: ['transaction'],
  async run(session, words) {
    const drop = session.dropOf(words[0]);
    const first = await firstSlice(session, drop);
    await session.maildrop.markSeen(drop);
    await session.write(ok(`${drop.placement.size} octets`));
    await send(session, drop, first, null);
  },
};

export const top: Pop3Command = {
  name: 'TOP',
  states: ['transaction'],
  async run(session, words) {
    const drop = session.dropOf(words[0]);
    const lines = words[1] ?? '';
    if (!/^\d{1,9}$/.test(lines))
      throw new Pop3Refusal('TOP requires a message number and a number of lines');
    const first = await firstSlice(session, drop);
    await session.write(ok(`Top of message ${drop.number}`));
    await send(session, drop, first, new Top(Number(lines)));
  },
};
