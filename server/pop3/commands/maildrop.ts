/**
 * The commands that list and delete the messages of the maildrop (the user's mailbox): STAT, LIST, UIDL, DELE
 * and RSET.
 */
import type { Pop3Command } from '../command.ts';
import type { Drop } from '../maildrop.ts';
import { listing, ok } from '../reply.ts';

export const stat: Pop3Command = {
  name: 'STAT',
  states: ['transaction'],
  async run(session) {
    const { listed, octets } = session.maildrop;
    await session.write(ok(`${listed.length} ${octets}`));
  },
};

/**
 * Creates the command LIST or UIDL. The two commands differ only in the text that `describe` returns for a
 * message.
 */
const lister = (name: string, describe: (drop: Drop) => string): Pop3Command => ({
  name,
  states: ['transaction'],
  async run(session, words) {
    if (words[0] !== undefined) {
      await session.write(ok(describe(session.dropOf(words[0]))));
      return;
    }
    const { listed } = session.maildrop;
    await session.write(listing(`${listed.length} messages`, listed.map(describe)));
  },
});

export const list = lister('LIST', ({ number, placement }) => `${number} ${placement.size}`);
export const uidl = lister('UIDL', ({ number, uidl: id }) => `${number} ${id}`);

export const dele: Pop3Command = {
  name: 'DELE',
  states: ['transaction'],
  async run(session, words) {
    const { number } = session.dropOf(words[0]);
    session.maildrop.delete(number);
    await session.write(ok(`Message ${number} will be deleted at QUIT`));
  },
};

export const rset: Pop3Command = {
  name: 'RSET',
  states: ['transaction'],
  async run(session) {
    session.maildrop.reset();
    const { listed, octets } = session.maildrop;
    await session.write(ok(`${listed.length} messages, ${octets} octets`));
  },
};
