/** CHECK (RFC 3501 §6.4.1): everything is committed at all times, so there is nothing to do. */
import { command, noArguments, SELECTED } from './command.ts';

export const check = command({
  name: 'CHECK',
  states: SELECTED,
  parse: noArguments,
  run: async () => undefined,
});
