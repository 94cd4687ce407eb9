/**
 * One mail transaction (RFC 5321 §3.3): the envelope received so far, and the client's deviations from the
 * protocol.
 */
import type { Envelope, EnvelopePath } from '../message/envelope.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import type { Departure } from './departure.ts';

export interface Transaction extends Envelope {
  readonly to: EnvelopePath[];
  readonly departures: Departure[];
  /** The content received so far if the message is sent with BDAT; `null` before the first chunk. */
  chunks: HeldMessage | null;
  /** Whether the client has sent a well-formed RCPT command, accepted or not. */
  tried: boolean;
}

export const transactionFrom = (from: EnvelopePath, departures: readonly Departure[]): Transaction => ({
  from,
  to: [],
  departures: [...departures],
  tried: false,
  chunks: null,
});
