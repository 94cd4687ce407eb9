/**
 * The one guard against loops, for everything that Restante writes or sends by itself: bounces, automatic replies,
 * webhooks, mail to the application, relayed mail. It stops
 *
 * - what would go to a listener of this sandbox itself;
 * - a chain that has passed too many sandboxes: generated mail and requests carry a trail of how many there were;
 * - a message from which too much was generated, however short each chain is;
 * - a rule that acts again and again on messages that look alike: a chain through an application that drops the trail;
 * - a message that too many servers have passed (RFC 5321 §6.3), or that this relay has sent before.
 */
import { createHash } from 'node:crypto';
import { canonicalAddress } from '../message/canonical-address.ts';
import { headerValues } from '../message/header.ts';
import type { HeaderField } from '../message/structure.ts';
import { isOwnEndpoint, type ListenAddress } from '../net/own-endpoint.ts';

/** The field of generated mail, and of HTTP requests, that carries the trail. */
export const TRAIL_FIELD = 'Restante-Trail';

/** The origin of a generated message or request, and its distance from the origin. */
export interface Trail {
  /** Id of the message at the beginning of the chain. */
  readonly origin: string;
  /** Messages and requests generated since then, one from another; 0 for mail of an application. */
  readonly hops: number;
}

/** A message or request was not sent because it would be part of a loop. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** A chain of this length has no end: nobody answers answers on purpose. */
const MAX_HOPS = 5;
/** Messages and requests generated from one message, all chains together. */
const MAX_PER_ORIGIN = 100;
/** Origins that are counted; the oldest make room. */
const MAX_ORIGINS = 10_000;
/** Messages that look alike on which a rule acts, each within `QUIET` milliseconds of the one before. */
const MAX_ALIKE = 500;
const QUIET = 60_000;
/** Kinds of messages that are counted; the oldest make room. */
const MAX_KINDS = 10_000;
/** Characters of a subject that are compared. */
const COMPARED_SUBJECT = 200;
/** RFC 5321 §6.3: a message with so many trace fields is in a loop. */
const MAX_RECEIVED = 50;

interface Headers {
  readonly headers: readonly HeaderField[];
}

const TRAIL = /^\s*hops=(\d{1,6})\s*;\s*origin=([0-9A-Za-z._-]{1,64})/;

/** Parses the value of the trail field; returns `null` for an invalid value. */
export function readTrail(value: string): Trail | null {
  const [, hops, origin] = TRAIL.exec(value) ?? [];
  return hops === undefined || origin === undefined ? null : { hops: Number(hops), origin };
}

/** The trail of a message: of its field, or the beginning of a new one. */
export function trailOf(part: Headers, id: string): Trail {
  const trails = headerValues(part, TRAIL_FIELD).flatMap((value) => readTrail(value) ?? []);
  // Another field may have been added in front; only more hops than there were can be wrong to believe.
  return trails.reduce((longest, trail) => (trail.hops > longest.hops ? trail : longest), {
    origin: id,
    hops: 0,
  });
}

export const trailText = ({ hops, origin }: Trail): string => `hops=${hops}; origin=${origin}`;

/** A message with the field at its top. */
export const withTrail = (raw: Buffer, trail: Trail): Buffer =>
  Buffer.concat([Buffer.from(`${TRAIL_FIELD}: ${trailText(trail)}\r\n`), raw]);

/**
 * Why a message must not be relayed; `null` when it may.
 * @param own whether a trace field of this host counts, too: nobody has looked at the message
 */
export function relayLoop(part: Headers, hostname: string, own: boolean): string | null {
  const trace = headerValues(part, 'Received');
  if (trace.length >= MAX_RECEIVED) return `The message has passed ${trace.length} servers`;
  const ours = ` by ${hostname.toLowerCase()} (restante) `;
  if (own && trace.some((field) => ` ${field.toLowerCase().replaceAll(/\s+/g, ' ')} `.includes(ours))) {
    return `The message has been relayed by ${hostname} before`;
  }
  const { hops } = trailOf(part, '');
  return own && hops >= MAX_HOPS ? `The message is the end of a chain of ${hops} generated messages` : null;
}

/** The properties of a message that are compared to detect loops. */
interface ComparedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
}

/**
 * The same text for messages that look alike: same envelope, same subject. Numbers are left out, because each round of a
 * loop has a new number of a ticket or an order; reply prefixes are left out, because each round adds one.
 */
function kindOf(rule: string, { envelope: { from, to }, subject }: ComparedMail): string {
  const compared = subject
    .slice(0, COMPARED_SUBJECT)
    .toLowerCase()
    .replaceAll(/\b(?:re|aw|fwd?|wg|sv|antw) *(?:\[\d*\])? *:/g, '')
    .replaceAll(/[\d\s]+/g, ' ')
    .trim();
  const addresses = [from, ...[...to].sort()].map((address) => canonicalAddress(address));
  return createHash('sha256')
    .update(JSON.stringify([rule, addresses, compared]))
    .digest('base64');
}

interface Kind {
  count: number;
  /** Milliseconds since the epoch. */
  last: number;
}

interface LoopGuardOptions {
  /** Where this sandbox listens, by any protocol; nowhere when absent. */
  readonly endpoints?: () => readonly ListenAddress[];
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Messages that look alike on which a rule acts before it is taken for a loop. */
  readonly maxAlike?: number;
}

export class LoopGuard {
  readonly #endpoints: () => readonly ListenAddress[];
  readonly #clock: () => number;
  readonly #maxAlike: number;
  readonly #generated = new Map<string, number>();
  readonly #kinds = new Map<string, Kind>();

  constructor({ endpoints = () => [], clock = Date.now, maxAlike = MAX_ALIKE }: LoopGuardOptions = {}) {
    this.#endpoints = endpoints;
    this.#clock = clock;
    this.#maxAlike = maxAlike;
  }

  /**
   * Counts an effect of a rule on a message of an application.
   *
   * @throws LoopError where the rule acted on too many messages that look like this one
   */
  countAlike(rule: string, mail: ComparedMail): void {
    const now = this.#clock();
    const key = kindOf(rule, mail);
    const known = this.#kinds.get(key);
    // A time in the future counts as now: the clock was ahead and is set back.
    const isFresh = known === undefined || now - Math.min(known.last, now) > QUIET;
    const count = isFresh ? 1 : known.count + 1;
    if (count > this.#maxAlike) {
      throw new LoopError(
        `A loop was stopped: the rule acted on ${this.#maxAlike} messages with this sender, these recipients and ` +
          `this subject, with pauses of less than ${QUIET / 1000} seconds`,
      );
    }
    this.#kinds.delete(key);
    this.#kinds.set(key, { count, last: now });
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > MAX_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
  }

  /**
   * The trail of something that is about to be generated from a message, which is counted.
   *
   * @throws LoopError
   */
  next({ hops, origin }: Trail): Trail {
    if (hops >= MAX_HOPS) {
      throw new LoopError(
        `A loop was stopped: the message is the end of a chain of ${hops} generated messages`,
      );
    }
    const count = (this.#generated.get(origin) ?? 0) + 1;
    if (count > MAX_PER_ORIGIN) {
      throw new LoopError(
        `A loop was stopped: ${MAX_PER_ORIGIN} messages and requests came from one message`,
      );
    }
    this.#generated.delete(origin);
    this.#generated.set(origin, count);
    const [oldest] = this.#generated.keys();
    if (this.#generated.size > MAX_ORIGINS && oldest !== undefined) this.#generated.delete(oldest);
    return { hops: hops + 1, origin };
  }

  isOwn(address: string, port: number): boolean {
    return isOwnEndpoint(address, port, this.#endpoints());
  }

  /** @throws LoopError for a listener of this sandbox */
  refuseOwn(address: string, port: number): void {
    if (this.isOwn(address, port)) {
      throw new LoopError(`A loop was stopped: ${address} port ${port} is this sandbox itself`);
    }
  }
}
