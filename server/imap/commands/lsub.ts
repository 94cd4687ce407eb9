/** The command LSUB (RFC 3501 §6.3.9), which lists the subscribed mailbox names. */
import { AUTHENTICATED, command } from './command.ts';
import { quoted } from '../wire/encoder.ts';
import { listSubscriptions, rootOf } from '../session/mailbox-list.ts';
import { DELIMITER } from '../wire/mailbox-name.ts';
import { listResponse, patternOf } from './list.ts';

interface LsubArguments {
  readonly reference: string;
  readonly pattern: string;
}

export const lsub = command<LsubArguments | null>({
  name: 'LSUB',
  states: AUTHENTICATED,
  parse(decoder, { utf8 }) {
    decoder.sp();
    const reference = patternOf(decoder, decoder.astring(), utf8);
    decoder.sp();
    const pattern = patternOf(decoder, decoder.listMailbox(), utf8);
    return pattern === null || reference === null ? null : { reference, pattern };
  },
  async run(session, args) {
    if (args === null) return undefined;
    const { reference, pattern } = args;
    if (pattern === '') {
      session.send(`* LSUB (\\Noselect) ${quoted(DELIMITER)} ${quoted(rootOf(reference))}`);
      return undefined;
    }
    const { store, account } = session;
    const mailboxes = await store.mailboxes.list(account);
    const subscriptions = await store.mailboxes.subscriptions(account);
    for (const entry of await listSubscriptions(mailboxes, subscriptions, reference + pattern)) {
      session.send(listResponse('LSUB', entry, session.utf8));
    }
    return undefined;
  },
});
