/**
 * The action discard: accepts and stores nothing, for the recipient at the stage `rcpt`, for the whole message at
 * other stages.
 */
import { action } from '../action.ts';

export const discard = action<true>({
  name: 'discard',
  stages: ['rcpt', 'data'],
  parse: (value) => (value === true ? { parameter: true } : 'must be true'),
  describe: () => 'discards',
  run: async () => ({ kind: 'discard' }),
});
