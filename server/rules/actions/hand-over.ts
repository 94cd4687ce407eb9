/**
 * Sends a message that a rule generated to its destination: this sandbox, a URL, or an SMTP server of the local
 * network.
 */
import { isIP } from 'node:net';
import { isPrivateAddress } from '../../net/private-address.ts';
import { handOver as handOverTo } from '../../relay/hand-over.ts';
import { withTrail } from '../../relay/loop-guard.ts';
import type { EffectContext, Generated } from '../action.ts';
import type { Fields } from '../fields.ts';

/** The URL of the receiver of a generated message; `null` for this sandbox. */
export type Destination = string | null;

const isNear = (host: string): boolean =>
  host === 'localhost' || (isIP(host) !== 0 && isPrivateAddress(host));

function isDestination(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  if (protocol === 'http:' || protocol === 'https:') return true;
  return protocol === 'smtp:' && isNear(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Reads the field `to` of an action's parameter: the receiver of the generated message. */
export const destinationOf = (fields: Fields): Destination =>
  fields.read(
    'to',
    (value) => (isDestination(value) ? value : null),
    'must be an http(s) URL, or smtp://host:port of a loopback or private address',
  ) ?? null;

/**
 * Returns the key of the receiver (host and port); the number of simultaneous actions is limited for each key.
 */
export const laneOf = (to: Destination): string => (to === null ? '' : new URL(to).host);

/**
 * Sends a generated message to its destination. Rejects if the receiver refuses the message, and with a
 * `LoopError` if the message would be part of a mail loop.
 */
export async function handOver(
  to: Destination,
  { raw, envelope, tags }: Generated,
  { trail, world }: Pick<EffectContext, 'trail' | 'world'>,
): Promise<void> {
  const next = world.guard.next(trail);
  const marked = withTrail(raw, next);
  if (to === null) {
    await world.generate({ raw: marked, envelope, tags });
    return;
  }
  const addresses = { from: envelope.from.address, to: envelope.to.map(({ address }) => address) };
  await handOverTo(new URL(to), marked, addresses, next, world);
}
