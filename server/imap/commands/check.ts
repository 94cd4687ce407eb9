/** The command CHECK (RFC 3501 §6.4.1): does nothing, because every change is already committed. */
import { command, noArguments, SELECTED } from './command.ts';

export const check = command({
  name: 'CHECK',
  states: SELECTED,
  parse: noArguments,
  run: async () => undefined,
});
