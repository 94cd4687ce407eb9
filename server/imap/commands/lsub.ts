/** LSUB (RFC 3501 §6.3.9). */
import { AUTHENTICATED, command } from '../command.ts';
import { quoted } from '../encoder.ts';
import { listSubscriptions, rootOf } from '../mailbox-list.ts';
import { decodeName, DELIMITER } from '../mailbox-name.ts';
import { listResponse } from './list.ts';

interface LsubArguments {
  readonly reference: string;
  readonly pattern: string;
}

export const lsub = command<LsubArguments>({
  name: 'LSUB',
  states: AUTHENTICATED,
  parse(decoder, { utf8 }) {
    decoder.sp();
    const reference = decodeName(decoder.astring(), utf8);
    decoder.sp();
    return { reference, pattern: decodeName(decoder.listMailbox(), utf8) };
  },
  async run(session, { reference, pattern }) {
    if (pattern === '') {
      session.send(`* LSUB (\\Noselect) ${quoted(DELIMITER)} ${quoted(rootOf(reference))}`);
      return undefined;
    }
    const { store, account } = session;
    const mailboxes = await store.mailboxes(account);
    for (const entry of listSubscriptions(
      mailboxes,
      await store.subscriptions(account),
      reference + pattern,
    )) {
      session.send(listResponse('LSUB', entry, session.utf8));
    }
    return undefined;
  },
});
