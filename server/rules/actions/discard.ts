/** discard: agrees and keeps nothing, of the recipient at `rcpt`, of the message at the others. */
import { action } from '../action.ts';

export const discard = action<true>({
  name: 'discard',
  stages: ['rcpt', 'data'],
  parse: (value) => (value === true ? { parameter: true } : 'must be true'),
  describe: () => 'discards',
  run: async () => ({ kind: 'discard' }),
});
