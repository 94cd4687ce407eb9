/**
 * Sends one group of deliveries: checks the relay's policy again, composes the message, contacts the hosts of
 * the domain one after another, and updates the deliveries with the outcomes. Before the end of the message is sent,
 * the store records the deliveries whose outcome depends on the server's reply.
 */
import type { StoredMessage } from '../store/store.ts';
import { addressText, parseRelayAddress, type RelayAddress } from './address.ts';
import { isFinal, type Delivery } from './delivery.ts';
import type { RelayOptions } from './options.ts';
import type { Outcomes } from './outcomes.ts';
import { composeOutgoing, type OutgoingMessage } from './outgoing.ts';
import type { RelayPolicy } from './policy.ts';
import type { DeliveryQueue } from './queue.ts';
import { RelayRefusal } from './refusal.ts';
import type { Resending } from './resent.ts';
import { runRound } from './round.ts';
import type { RoundWorld } from './round-world.ts';
import { deferred, failed, type Verdict } from './verdict.ts';

/** The deliveries of one release (a request to send a captured message) to recipients with the same route. */
export interface Group {
  /** The domain of one of the recipients; the domains of all recipients have the same route. */
  readonly domain: string;
  /** The key that is equal for domains with the same route, see `Router.placeOf`. */
  readonly place: string;
  readonly deliveries: readonly Delivery[];
}

interface SenderOptions extends RelayOptions {
  readonly queue: DeliveryQueue;
  readonly policy: RelayPolicy;
  readonly outcomes: Outcomes;
  readonly round: RoundWorld;
  /**
   * Returns false as soon as the relay closes; from then on, the final dot of a message is no longer sent.
   */
  readonly running: () => boolean;
}

interface Addressed {
  readonly delivery: Delivery;
  readonly address: RelayAddress;
}

const isSending = ({ state }: Delivery): boolean => state === 'sending';

/** The error that is thrown to withdraw a message after its octets were sent, but before the final dot. */
class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async send({ domain, deliveries }: Group): Promise<void> {
    const { store, outcomes } = this.#options;
    const addressed = await this.#stillAllowed(deliveries);
    const allowed = addressed.map(({ delivery }) => delivery);
    const [first] = allowed;
    if (first === undefined) return;
    const raw = await store.messages.raw(first.message);
    const stored = await store.messages.get(first.message);
    if (raw === undefined || stored === undefined) {
      for (const { id } of allowed) await this.#cancel(id, 'The message was deleted', null);
      return;
    }
    const verdicts = await this.#round(domain, addressed, first, stored, raw);
    if (verdicts !== null) await outcomes.settle(allowed, verdicts, stored, raw);
  }

  /**
   * Returns the deliveries that the policy still allows. All other deliveries are cancelled, because the
   * policy may have changed since the release.
   */
  async #stillAllowed(deliveries: readonly Delivery[]): Promise<Addressed[]> {
    const { policy, clock } = this.#options;
    const allowed: Addressed[] = [];
    for (const delivery of deliveries) {
      try {
        const addresses = policy.judge([delivery.to], delivery.by, clock(), () => 0);
        allowed.push(...addresses.map((address) => ({ delivery, address })));
      } catch (error) {
        if (!(error instanceof RelayRefusal)) throw error;
        await this.#cancel(delivery.id, error.message, '5.7.1');
      }
    }
    return allowed;
  }

  async #cancel(id: string, reason: string, status: string | null): Promise<void> {
    await this.#options.queue.update(id, { state: 'cancelled', nextAttemptAt: null, reason, status });
  }

  /**
   * Runs the round of delivery attempts. Returns `null` if the message was withdrawn before its final dot; then
   * all deliveries that were not cancelled stay queued.
   */
  async #round(
    domain: string,
    addressed: readonly Addressed[],
    first: Delivery,
    stored: StoredMessage,
    raw: Buffer,
  ): Promise<ReadonlyMap<number, Verdict> | null> {
    const { logger, outcomes, round, running } = this.#options;
    const deliveries = addressed.map(({ delivery }) => delivery);
    try {
      return await runRound(round, {
        domain,
        from: asciiDomain(first.from),
        recipients: addressed.map(({ address }) => addressText(address)),
        message: await this.#compose(deliveries, first, stored, raw),
        beforeEnd: (accepted) => this.#beforeEnd(deliveries.filter((_, index) => accepted.includes(index))),
        attempted: (tried, decided) => outcomes.attempted(deliveries, tried, decided),
      });
    } catch (error) {
      if (error instanceof Withdrawn) return null;
      logger.error({ err: error, message: first.message }, 'relay: a round failed');
      const verdict = running()
        ? failed('5.3.0', `Restante could not send the message (internal error): ${(error as Error).message}`)
        : deferred('4.3.0', 'The sandbox is closing');
      return new Map(deliveries.map((_, index) => [index, verdict]));
    }
  }

  #compose(
    deliveries: readonly Delivery[],
    first: Delivery,
    { origin }: StoredMessage,
    raw: Buffer,
  ): Promise<OutgoingMessage> {
    const { config, clock } = this.#options;
    return composeOutgoing({
      id: first.message,
      raw,
      origin,
      hostname: config.hostname,
      recipients: deliveries.map(({ to }) => to),
      now: clock(),
      resending: first.resent ? this.#resending(first) : null,
      dkim: config.dkim,
    });
  }

  #resending({ release, createdAt }: Delivery): Resending {
    const all = this.#options.queue.list({ release });
    return { release, at: createdAt, recipients: all.map(({ to }) => to).reverse() };
  }

  /**
   * Stores the state `sending` for the deliveries. If the process crashes afterwards, the outcome of these
   * deliveries is unknown.
   */
  async #beforeEnd(deliveries: readonly Delivery[]): Promise<void> {
    const { queue, running } = this.#options;
    const current = deliveries.map(({ id }) => queue.get(id));
    const maySend = (delivery: Delivery | undefined): boolean =>
      delivery !== undefined && !isFinal(delivery) && queue.isOwn(delivery);
    const withdrawn = new Withdrawn('A delivery was cancelled while its message was being sent');
    if (!running() || !current.every(maySend)) throw withdrawn;
    const stored = await Promise.all(
      deliveries.map(({ id }) => queue.update(id, { state: 'sending' }, maySend)),
    );
    if (stored.every(({ state }) => state === 'sending')) return;
    // Another node has cancelled or taken over one of the deliveries; the remaining deliveries are sent again.
    await Promise.all(stored.map(({ id }) => queue.update(id, { state: 'queued' }, isSending)));
    throw withdrawn;
  }
}

/**
 * Converts the domain of the sender to A-labels (RFC 5890), so that a sender with an ASCII local part needs no
 * SMTPUTF8.
 */
function asciiDomain(sender: string): string {
  const address = parseRelayAddress(sender);
  return address === null ? sender : addressText(address);
}
