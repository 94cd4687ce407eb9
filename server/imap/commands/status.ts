/** The command STATUS (RFC 9051 §6.3.11), which reports the state of a mailbox without opening it. */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';
import { no } from '../wire/response.ts';
import { parseStatusItems, statusResponse, type StatusItem } from '../session/status-item.ts';

interface StatusArguments {
  readonly name: string;
  readonly items: readonly StatusItem[];
}

export const status = command<StatusArguments>({
  name: 'STATUS',
  states: AUTHENTICATED,
  capabilities: ['STATUS=SIZE'],
  parse(decoder, syntax) {
    decoder.sp();
    const name = mailboxArgument(decoder, syntax);
    decoder.sp();
    return { name, items: parseStatusItems(decoder) };
  },
  async run(session, { name, items }) {
    const info = await session.store.mailboxes.find(session.account, name);
    if (info === undefined) throw no('NONEXISTENT', 'No such mailbox');
    if (items.includes('HIGHESTMODSEQ')) session.enable('CONDSTORE');
    session.send(statusResponse(info, items, session));
    return undefined;
  },
});
