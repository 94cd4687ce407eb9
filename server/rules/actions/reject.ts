/** The action `reject`: refuses the command or message with the given reply. */
import { replyText, type Reply } from '../../smtp/reply.ts';
import { parseReply } from '../../smtp/reply.ts';
import { action } from '../action.ts';

/** The default reply text of a refusal for which the rule gives only the code (RFC 5321 §4.2.3, RFC 3463). */
const texts: Readonly<Record<number, readonly [status: string, text: string]>> = {
  421: ['4.3.2', 'Service not available, closing transmission channel'],
  450: ['4.2.1', 'Mailbox temporarily unavailable'],
  451: ['4.3.0', 'Local error in processing, try again later'],
  452: ['4.3.1', 'Insufficient system storage'],
  454: ['4.7.0', 'Temporary authentication failure'],
  535: ['5.7.8', 'Authentication credentials invalid'],
  550: ['5.1.1', 'No such user here'],
  552: ['5.2.2', 'Mailbox full'],
  553: ['5.1.3', 'Mailbox name not allowed'],
  554: ['5.7.1', 'Transaction failed'],
};

/**
 * Parses the reply of a refusal. A code alone, such as `550`, gets its default text. Returns `null` if the
 * value is not a valid reply that refuses.
 */
function parseRefusal(value: unknown): Reply | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  const reply = parseReply(text);
  if (reply === null || reply.code < 400) return null;
  const [status, words] = /^\s*\d{3}\s*$/.test(text) ? (texts[reply.code] ?? []) : [];
  return status === undefined || words === undefined ? reply : { code: reply.code, status, text: words };
}

export const reject = action<Reply>({
  name: 'reject',
  stages: ['connect', 'helo', 'starttls', 'auth', 'mail', 'rcpt', 'predata', 'data'],
  parse(value) {
    const reply = parseRefusal(value);
    return reply === null
      ? 'must be a reply of class 4 or 5 such as "451 4.7.1 Try later" or 550'
      : { parameter: reply };
  },
  describe: (reply) => `answers ${replyText(reply)}`,
  run: async (reply) => ({ kind: 'reject', reply }),
});
