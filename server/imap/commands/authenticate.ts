/** placeholder */
import { command, noArguments, NOT_AUTHENTICATED } from '../command.ts';
export const authenticate = command({
  name: 'AUTHENTICATE',
  states: NOT_AUTHENTICATED,
  parse: noArguments,
  run: async () => undefined,
});
