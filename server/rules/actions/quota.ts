/**
 * The action `quota`: refuses a recipient whose INBOX is full, or would be full after a message of the size
 * that MAIL declared.
 */
import { SmtpReply } from '../../smtp/reply.ts';
import { action } from '../action.ts';
import { isObject, octets } from '../fields.ts';

interface Quota {
  readonly messages: number | null;
  readonly octets: number | null;
  /** The reply code of the refusal: 452 is temporary, 552 is permanent (RFC 5321 §4.2.3). */
  readonly code: 452 | 552;
}

const EXPECTED = 'must be { "messages": 100 } or { "size": "10MB" } or both, with "permanent": true for 552';

const isOptionalCount = (value: unknown): boolean =>
  value === null || (Number.isInteger(value) && Number(value) >= 0);

export const quota = action<Quota>({
  name: 'quota',
  stages: ['rcpt'],
  parse(value) {
    if (!isObject(value)) return EXPECTED;
    const { messages = null, size = null, permanent = false, ...others } = value;
    const limit = size === null ? null : octets(size);
    const good =
      isOptionalCount(messages) && (size === null || limit !== null) && typeof permanent === 'boolean';
    if (!good || (messages === null && size === null) || Object.keys(others).length > 0) return EXPECTED;
    return {
      parameter: {
        messages: messages === null ? null : Number(messages),
        octets: limit,
        code: permanent ? 552 : 452,
      },
    };
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
