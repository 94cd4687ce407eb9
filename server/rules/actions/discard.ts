/**
 * The action `discard`: replies that the mail is accepted, but stores nothing; at the stage `rcpt` for the
 * current recipient, at other stages for the whole message.
 */
import { action } from '../action.ts';

export const discard = action<true>({
  name: 'discard',
  stages: ['rcpt', 'data'],
  parse: (value) => (value === true ? { parameter: true } : 'must be true'),
  describe: () => 'discards',
  run: async () => ({ kind: 'discard' }),
});
