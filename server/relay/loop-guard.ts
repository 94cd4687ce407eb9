/**
 * The one guard against loops, for everything that Restante writes or sends by itself: bounces, automatic replies,
 * webhooks, mail to the application, relayed mail. It stops
 *
 * - what would go to a listener of this sandbox itself;
 * - a chain that has passed too many sandboxes: generated mail and requests carry a trail of how many there were;
 * - a message from which too much was generated, however short each chain is;
 * - a message that too many servers have passed (RFC 5321 §6.3), or that this relay has sent before.
 */
import { headerValues } from '../message/header.ts';
import type { HeaderField } from '../message/structure.ts';
import { isOwnEndpoint, type ListenAddress } from '../net/own-endpoint.ts';

/** The field of generated mail, and of HTTP requests, that carries the trail. */
export const TRAIL_FIELD = 'Restante-Trail';

/** How a message came about. */
export interface Trail {
  /** Id of the message at the beginning of the chain. */
  readonly origin: string;
  /** Messages and requests generated since then, one from another; 0 for mail of an application. */
  readonly hops: number;
}

/** Something was not sent because it would go round in circles. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** A chain of this length has no end: nobody answers answers on purpose. */
const MAX_HOPS = 5;
/** Messages and requests generated from one message, all chains together. */
const MAX_PER_ORIGIN = 100;
/** Origins that are counted; the oldest make room. */
const MAX_ORIGINS = 10_000;
/** RFC 5321 §6.3: a message with so many trace fields is in a loop. */
const MAX_RECEIVED = 50;

interface Headers {
  readonly headers: readonly HeaderField[];
}

const TRAIL = /^\s*hops=(\d{1,6})\s*;\s*origin=([0-9A-Za-z._-]{1,64})/;

/** The trail of a message: of its field, or the beginning of a new one. */
export function trailOf(part: Headers, id: string): Trail {
  const trails = headerValues(part, TRAIL_FIELD).flatMap((value) => {
    const [, hops, origin] = TRAIL.exec(value) ?? [];
    return hops === undefined || origin === undefined ? [] : [{ hops: Number(hops), origin }];
  });
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

export class LoopGuard {
  readonly #endpoints: () => readonly ListenAddress[];
  readonly #generated = new Map<string, number>();

  /** @param endpoints where this sandbox listens, by whatever protocol */
  constructor(endpoints: () => readonly ListenAddress[] = () => []) {
    this.#endpoints = endpoints;
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
