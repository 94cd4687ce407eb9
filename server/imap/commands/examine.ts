/** EXAMINE (RFC 9051 §6.3.3): like SELECT, but changes nothing in the mailbox, not even `\Recent`. */
import { AUTHENTICATED, command } from './command.ts';
import { openMailbox, parseSelect, type SelectArguments } from './select.ts';

export const examine = command<SelectArguments>({
  name: 'EXAMINE',
  states: AUTHENTICATED,
  parse: parseSelect,
  run: (session, args) => openMailbox(session, args, true),
});
