/**
 * Detects mail loops, over everything that Restante sends or generates automatically: bounces, automatic
 * replies, webhooks, mail to the application, and relayed mail. The guard stops
 * - mail and requests to a listener of this sandbox itself;
 * - a chain through too many sandboxes: generated mail and requests carry a trail with the length of the
 *   chain;
 * - a message from which too many messages were generated, however short each chain is;
 * - a rule that acts again and again on similar messages: a chain through an application that drops the
 *   trail;
 * - a message that passed too many servers (RFC 5321 §6.3), or that this relay has sent before.
 */
import { createHash } from 'node:crypto';
import { canonicalAddress } from '../message/canonical-address.ts';
import { headerValues } from '../message/header.ts';
import type { HeaderField } from '../message/structure.ts';
import { isOwnEndpoint, type ListenAddress } from '../net/own-endpoint.ts';

/**
 * The name of the header field that contains the trail (the record of a chain of generated messages), in generated
 * mail and in HTTP requests.
 */
export const TRAIL_FIELD = 'Restante-Trail';

/**
 * The trail of a generated message or request: the message at the beginning of the chain, and the length of
 * the chain since then.
 */
export interface Trail {
  /** The id of the message at the beginning of the chain. */
  readonly origin: string;
  /**
   * The number of messages and requests in the chain, each of which was generated from the previous member of the
   * chain; 0 for mail of an application.
   */
  readonly hops: number;
}

/** The error that is thrown when a message or request is not sent because it would be part of a loop. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** The maximum length of a chain of generated messages. No real exchange of automatic messages is longer. */
const MAX_HOPS = 5;
/** The maximum number of messages and requests generated from one message, in all chains together. */
const MAX_PER_ORIGIN = 100;
/**
 * The maximum number of origins (messages at the beginning of a chain) for which generated messages are
 * counted. If it is exceeded, the oldest origin is deleted.
 */
const MAX_ORIGINS = 10_000;
/**
 * The maximum number of similar messages on which a rule acts, if each arrives within `QUIET` milliseconds of
 * the previous one.
 */
const MAX_ALIKE = 500;
const QUIET = 60_000;
/**
 * The maximum number of kinds of similar messages that are counted. If it is exceeded, the oldest kind is
 * deleted.
 */
const MAX_KINDS = 10_000;
/** The number of characters of a subject that are compared to find similar messages. */
const COMPARED_SUBJECT = 200;
/** The minimum number of `Received` fields at which a message is assumed to be in a loop (RFC 5321 §6.3). */
const MAX_RECEIVED = 50;

interface Headers {
  readonly headers: readonly HeaderField[];
}

const TRAIL = /^\s*hops=(\d{1,6})\s*;\s*origin=([0-9A-Za-z._-]{1,64})/;

/** Parses the value of the header field `Restante-Trail`; returns `null` for an invalid value. */
export function readTrail(value: string): Trail | null {
  const [, hops, origin] = TRAIL.exec(value) ?? [];
  return hops === undefined || origin === undefined ? null : { hops: Number(hops), origin };
}

/**
 * Returns the trail (the record of a chain of generated messages) from the header of a message. A message without
 * a trail is the beginning of a new chain.
 */
export function trailOf(part: Headers, id: string): Trail {
  const trails = headerValues(part, TRAIL_FIELD).flatMap((value) => readTrail(value) ?? []);
  // If a message has several fields with a trail (the record of a chain of generated messages), the field with the
  // longest chain is used: another server may have added a field at the top, and a chain that is too short would hide a
  // loop.
  return trails.reduce((longest, trail) => (trail.hops > longest.hops ? trail : longest), {
    origin: id,
    hops: 0,
  });
}

export const trailText = ({ hops, origin }: Trail): string => `hops=${hops}; origin=${origin}`;

/** Returns the message with the field `Restante-Trail` as its first header field. */
export const withTrail = (raw: Buffer, trail: Trail): Buffer =>
  Buffer.concat([Buffer.from(`${TRAIL_FIELD}: ${trailText(trail)}\r\n`), raw]);

/**
 * Returns the reason why a message must not be relayed, because it is in a loop; `null` if it may be relayed.
 *
 * @param own whether a `Received` field that this host added also indicates a loop; true for a message that is
 * released automatically
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

/** The properties of a message that are compared to find similar messages. */
interface ComparedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
}

/**
 * Returns a text that is equal for similar messages: messages with the same envelope and the same subject, on
 * which the same rule acted. Numbers are removed from the subject, because the number of a ticket or an order
 * changes in each round of a loop; reply prefixes are removed, because each round adds one.
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
  /** The time of the last message of this kind in milliseconds since the epoch. */
  last: number;
}

interface LoopGuardOptions {
  /** Returns the addresses of this sandbox's listeners for all protocols; absent if there are none. */
  readonly endpoints?: () => readonly ListenAddress[];
  /** Returns the time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** The maximum number of similar messages on which a rule may act; one more is treated as a loop. */
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
   * Counts an action of a rule on a message.
   *
   * @throws LoopError if the rule acted on too many messages that are similar to the given message
   */
  countAlike(rule: string, mail: ComparedMail): void {
    const now = this.#clock();
    const key = kindOf(rule, mail);
    const known = this.#kinds.get(key);
    // If the clock was set back, the time of the previous message may be in the future; it is then treated as the
    // current time.
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
   * Returns the trail (the record of the chain so far) for a message or request that is about to be generated, and
   * counts that message or request.
   *
   * @throws LoopError if the chain is too long, or if too much was generated from the message at its beginning
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

  /**
   * Checks the IP address and port of a receiver.
   *
   * @throws LoopError if they belong to a listener of this sandbox
   */
  refuseOwn(address: string, port: number): void {
    if (this.isOwn(address, port)) {
      throw new LoopError(`A loop was stopped: ${address} port ${port} is this sandbox itself`);
    }
  }
}
