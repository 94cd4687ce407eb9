/**
 * The action `greylist`: temporarily refuses an unknown triplet of client address, sender and recipient, and
 * accepts the triplet when the client retries after the delay. Mail servers use greylisting because senders
 * of spam rarely retry.
 */
import { canonicalAddress } from '../../message/canonical-address.ts';
import { SmtpReply } from '../../smtp/reply.ts';
import type { CellChange } from '../../store/cells.ts';
import { action } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';

interface Terms {
  /** The minimum time between the first attempt and a retry that is accepted, in milliseconds. */
  readonly delay: number;
  /** The time for which a triplet of client address, sender and recipient is remembered, in milliseconds. */
  readonly expiry: number;
}

/**
 * The default time before a retry is accepted, in milliseconds; the greylisting server Postgrey has the same
 * default.
 */
const USUAL_DELAY = 300_000;
const USUAL_EXPIRY = 86_400_000;
/**
 * Decides about an attempt with a triplet of client address, sender and recipient. The value is the time when the
 * triplet was first seen, in milliseconds since the epoch; the result is the time until a retry is accepted, in
 * milliseconds, or `null` if the attempt is accepted.
 */
function attempt(
  known: number | undefined,
  now: number,
  { delay, expiry }: Terms,
): CellChange<number, number | null> {
  // If the clock was set back, the stored time may be in the future; such a time is treated as the current time.
  const first = known === undefined ? undefined : Math.min(known, now);
  if (first === undefined || now - first >= expiry) return { value: now, result: delay };
  const wait = delay - (now - first);
  return { value: first, result: wait <= 0 ? null : wait };
}

export const greylist = action<Terms>({
  name: 'greylist',
  stages: ['rcpt'],
  parse(value) {
    if (value !== true && !isObject(value)) return 'must be true, or { "delay": "5m", "expiry": "1d" }';
    return readParameter(value === true ? {} : value, 'greylist', (fields) => ({
      delay: fields.duration('delay') ?? USUAL_DELAY,
      expiry: fields.duration('expiry') ?? USUAL_EXPIRY,
    }));
  },
  describe: ({ delay }) => `greylists for ${delay} ms`,
  async run(terms, { facts, rule, world }) {
    const triplets = world.store.cells.collection<number>('greylist');
    const now = world.clock();
    for (const address of facts.rcpt) {
      const triplet = JSON.stringify([
        rule.id,
        facts.ip,
        ...[facts.from ?? '', address].map(canonicalAddress),
      ]);
      const wait = await triplets.update(triplet, (known) => attempt(known, now, terms));
      if (wait === null) continue;
      const seconds = Math.max(1, Math.ceil(wait / 1000));
      return {
        kind: 'reject',
        reply: new SmtpReply(451, '4.7.1', `Greylisted, try again in ${seconds} seconds`),
      };
    }
    return undefined;
  },
});
