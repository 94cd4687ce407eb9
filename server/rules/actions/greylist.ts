/**
 * The action `greylist`: temporarily refuses an unknown triplet of client address, sender and recipient, and
 * accepts the triplet when the client retries after the delay. Mail servers use greylisting because senders
 * of spam rarely retry.
 */
import { canonicalAddress } from '../../message/canonical-address.ts';
import { SmtpReply } from '../../smtp/reply.ts';
import { action, type ActionWorld } from '../action.ts';
import { duration, isObject } from '../fields.ts';

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
/** The maximum number of remembered triplets. If it is exceeded, the oldest triplet is deleted. */
const MAX_TRIPLETS = 10_000;

/**
 * The time when each triplet of client address, sender and recipient was first seen, in milliseconds since the
 * epoch. A key consists of the id of the rule and the triplet.
 */
const firstSeen = new WeakMap<ActionWorld, Map<string, number>>();

function seenBy(world: ActionWorld): Map<string, number> {
  let seen = firstSeen.get(world);
  if (seen === undefined) firstSeen.set(world, (seen = new Map<string, number>()));
  const [oldest] = seen.keys();
  if (seen.size > MAX_TRIPLETS && oldest !== undefined) seen.delete(oldest);
  return seen;
}

export const greylist = action<Terms>({
  name: 'greylist',
  stages: ['rcpt'],
  parse(value) {
    const { delay = USUAL_DELAY, expiry = USUAL_EXPIRY, ...others } = isObject(value) ? value : {};
    const terms = { delay: duration(delay), expiry: duration(expiry) };
    const known = value === true || (isObject(value) && Object.keys(others).length === 0);
    return !known || terms.delay === null || terms.expiry === null
      ? 'must be true, or { "delay": "5m", "expiry": "1d" }'
      : { parameter: { delay: terms.delay, expiry: terms.expiry } };
  },
  describe: ({ delay }) => `greylists for ${delay} ms`,
  async run({ delay, expiry }, { facts, rule, world }) {
    const seen = seenBy(world);
    const now = world.clock();
    for (const address of facts.rcpt) {
      const triplet = JSON.stringify([
        rule.id,
        facts.ip,
        ...[facts.from ?? '', address].map(canonicalAddress),
      ]);
      const known = seen.get(triplet);
      // If the clock was set back, the stored time may be in the future; such a time is treated as the current
      // time.
      const first = known === undefined ? undefined : Math.min(known, now);
      if (first !== known && first !== undefined) seen.set(triplet, first);
      if (first !== undefined && now - first >= delay && now - first < expiry) continue;
      if (first === undefined || now - first >= expiry) seen.set(triplet, now);
      const wait = Math.max(1, Math.ceil((delay - (now - (seen.get(triplet) ?? now))) / 1000));
      return {
        kind: 'reject',
        reply: new SmtpReply(451, '4.7.1', `Greylisted, try again in ${wait} seconds`),
      };
    }
    return undefined;
  },
});
