/** NOOP (RFC 9051 §6.1.2): changes are reported at the end of every command, and so of this one. */
import { ANY_STATE, command, noArguments } from './command.ts';

export const noop = command({
  name: 'NOOP',
  states: ANY_STATE,
  parse: noArguments,
  run: async () => undefined,
});
