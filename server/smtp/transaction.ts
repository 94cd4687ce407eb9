/** One mail transaction (RFC 5321 §3.3): the envelope as it grows, and what was odd about it. */
import type { Envelope, EnvelopePath } from '../message/envelope.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import type { Departure } from './departure.ts';

export interface Transaction extends Envelope {
  readonly to: EnvelopePath[];
  readonly departures: Departure[];
  /** The message so far, once it has begun with BDAT. */
  chunks: HeldMessage | null;
  /** Whether a well-formed RCPT was tried, accepted or not. */
  tried: boolean;
}

export const transactionFrom = (from: EnvelopePath, departures: readonly Departure[]): Transaction => ({
  from,
  to: [],
  departures: [...departures],
  tried: false,
  chunks: null,
});
