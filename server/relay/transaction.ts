/** Sends one message over one connection, and returns the verdict for each recipient. */
import type { SmtpClient } from '../smtp/client/index.ts';
import { needsUtf8 } from './address.ts';
import { formFor, interpret, NOT_CONVERTIBLE, unsuitable } from './interpret.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { failed, type Verdict } from './verdict.ts';

export interface TransactionJob {
  readonly from: string;
  /** The addresses of the recipients without a verdict, by their index in the round. */
  readonly open: ReadonlyMap<number, string>;
  readonly message: OutgoingMessage;
  /**
   * Called before the final dot, with the indexes of the accepted recipients; the dot is sent when the promise
   * resolves. Rejects to withdraw the message.
   */
  beforeEnd(accepted: readonly number[]): Promise<void>;
}

interface TransactionResult {
  /** The verdicts by the index of the recipient. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** The verdict for the remaining recipients if no other host is left; `null` if there is none. */
  readonly unlessAnother: Verdict | null;
  /** Whether the connection failed before the server replied to MAIL. */
  readonly unheard: boolean;
}

/** Sends the message. Rejects only if `beforeEnd` does. */
export async function transact(client: SmtpClient, job: TransactionJob): Promise<TransactionResult> {
  const { from, open, message } = job;
  const verdicts = new Map<number, Verdict>();
  const form = formFor(client, message);
  const cannot = form === null ? NOT_CONVERTIBLE : unsuitable(client, form, from);
  const utf8 = client.extensions.has('SMTPUTF8');
  for (const [index, address] of open) {
    if (cannot !== null) verdicts.set(index, cannot);
    else if (needsUtf8(address) && !utf8) {
      verdicts.set(index, failed('5.6.7', `The server does not accept ${address} (SMTPUTF8)`));
    }
  }
  const going = [...open].filter(([index]) => !verdicts.has(index));
  if (form === null || going.length === 0) return { verdicts, unlessAnother: null, unheard: false };
  const to = going.map(([, address]) => address);
  const result = await client.send(
    {
      from,
      to,
      eightBit: form.eightBit && client.extensions.has('8BITMIME'),
      smtpUtf8: form.utf8Header || [from, ...to].some(needsUtf8),
      binary: form === message.binary,
    },
    form.bytes,
    (accepted) =>
      job.beforeEnd(going.flatMap(([index, address]) => (accepted.includes(address) ? [index] : []))),
  );
  const unheard = result.failure !== null && !result.ended && result.mail === null;
  const meaning = interpret(result);
  if ('unlessAnother' in meaning) return { verdicts, unlessAnother: meaning.unlessAnother, unheard };
  for (const [at, [index]] of going.entries()) {
    const verdict = meaning[at];
    if (verdict !== undefined) verdicts.set(index, verdict);
  }
  return { verdicts, unlessAnother: null, unheard };
}
