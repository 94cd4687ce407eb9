/**
 * The action `accept`: accepts the message or recipient, with the custom reply of the parameter if there is
 * one, and ends the evaluation of the stage.
 */
import { parseReply, replyText, type Reply } from '../../smtp/reply.ts';
import { action } from '../action.ts';
import { stages } from '../../../contract/names.ts';

export const accept = action<Reply | null>({
  name: 'accept',
  stages: stages.filter((stage) => stage !== 'stored'),
  parse(value) {
    if (value === true) return { parameter: null };
    const reply = typeof value === 'string' ? parseReply(value) : null;
    return reply === null || reply.code >= 400
      ? 'must be true, or a reply of class 2 such as "250 2.0.0 Queued"'
      : { parameter: reply };
  },
  describe: (reply) => (reply === null ? 'accepts' : `answers ${replyText(reply)}`),
  run: async (reply) => (reply === null ? { kind: 'accept' } : { kind: 'accept', reply }),
});
