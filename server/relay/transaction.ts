/** Sends one message over one connection, and returns the outcome for each recipient. */
import type { SmtpClient } from '../smtp/client/index.ts';
import { needsUtf8 } from './address.ts';
import { formFor, interpret, NOT_CONVERTIBLE, unsuitable } from './interpret.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { failed, type Verdict } from './verdict.ts';

export interface TransactionJob {
  readonly from: string;
  /** The addresses of the recipients that have no outcome yet, by their index in the round. */
  readonly open: ReadonlyMap<number, string>;
  readonly message: OutgoingMessage;
  /**
   * The function that is called before the final dot of a message is sent, with the indexes of the accepted
   * recipients. The dot is sent when the promise resolves; the message is withdrawn when the promise rejects.
   */
  beforeEnd(accepted: readonly number[]): Promise<void>;
}

interface TransactionResult {
  /** The outcomes of the transaction, by the index of the recipient in the round of delivery attempts. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /**
   * The outcome of the remaining recipients if no other host is left to try; `null` if no recipients remain.
   */
  readonly unlessAnother: Verdict | null;
  /**
   * Whether the connection failed before the server replied to MAIL, as happens when the server has closed an
   * idle connection.
   */
  readonly unheard: boolean;
}

/** Sends the message. Rejects only if `beforeEnd` of the job rejects. */
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
