/**
 * NOOP (RFC 9051 §6.1.2): does nothing, because changes of the mailbox are reported at the end of every
 * command.
 */
import { ANY_STATE, command, noArguments } from './command.ts';

export const noop = command({
  name: 'NOOP',
  states: ANY_STATE,
  parse: noArguments,
  run: async () => undefined,
});
