/**
 * The action `quota`: refuses a recipient whose INBOX is full, or would be full after a message of the size
 * that MAIL declared.
 */
import { SmtpReply } from '../../smtp/reply.ts';
import { action } from '../action.ts';
import { isObject, octets, readParameter } from '../fields.ts';

interface Quota {
  readonly messages: number | null;
  readonly octets: number | null;
  /** The reply code of the refusal: 452 is temporary, 552 is permanent (RFC 5321 §4.2.3). */
  readonly code: 452 | 552;
}

export const quota = action<Quota>({
  name: 'quota',
  stages: ['rcpt'],
  parse(value) {
    if (!isObject(value)) return 'must be { "messages": 100 } or { "size": "10MB" } or both';
    return readParameter(value, 'quota', (fields) => {
      const messages = fields.integer('messages', 0, Number.MAX_SAFE_INTEGER) ?? null;
      const size = fields.read('size', octets, 'must be a number of octets, such as 5000 or "10MB"') ?? null;
      if (!fields.has('messages') && !fields.has('size'))
        fields.problem('messages', 'is missing: set a number of messages, or a size such as "10MB"');
      return { messages, octets: size, code: fields.boolean('permanent') === true ? 552 : 452 };
    });
  },
  describe: ({ messages, octets: size }) =>
    `allows ${[messages === null ? '' : `${messages} messages`, size === null ? '' : `${size} octets`].filter((text) => text !== '').join(' and ')}`,
  async run({ messages, octets: size, code }, { facts, world }) {
    for (const address of facts.rcpt) {
      const inbox = await world.store.mailboxes.find(world.accountOf(address), 'INBOX');
      const full =
        (messages !== null && (inbox?.messages ?? 0) >= messages) ||
        (size !== null && (inbox?.size ?? 0) + facts.declaredSize > size);
      if (full) {
        const status = code === 452 ? '4.2.2' : '5.2.2';
        return { kind: 'reject', reply: new SmtpReply(code, status, `Mailbox of ${address} is full`) };
      }
    }
    return undefined;
  },
});
