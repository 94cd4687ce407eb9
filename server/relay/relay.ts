/**
 * The relay, the only module that sends mail to the outside. A release becomes deliveries in a persistent queue;
 * the queue is processed in rounds, one for each release and domain, until every recipient has an outcome. The
 * policy is checked when a message is released and again before it is sent.
 *
 * Invariants:
 * - Nothing is sent that the policy does not allow at that moment; a release is refused as a whole.
 * - Before the final dot of a message goes out, the store knows which deliveries it decides: after a crash none of
 * them is sent again by itself.
 * - One round at a time works on a delivery.
 */
import type { MessageId } from '../store/ids.ts';
import { AutoRelay } from './auto-relay.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Attempt, Delivery, DeliveryState, ReleaseCause } from './delivery.ts';
import { isFinal } from './delivery.ts';
import type { RelayOptions } from './options.ts';
import { createPolicy, type PolicyView } from './policy.ts';
import { DeliveryQueue, type DeliveryFilter } from './queue.ts';
import { Releases, type Rehearsal } from './releases.ts';

export type { Attempt, Delivery, DeliveryState, ReleaseCause } from './delivery.ts';
export type { DkimKey, Notice, RelayConfig, RelayOptions } from './options.ts';
export type { PolicyView } from './policy.ts';
export type { DeliveryFilter } from './queue.ts';
export type { Rehearsal } from './releases.ts';
export { RelayRefusal } from './refusal.ts';
export { dnsResolver } from './resolver.ts';

export interface Relay {
  /**
   * Queues a message for delivery; resolves when the queue has it.
   *
   * @param recipients those of its envelope when absent or `null`
   * @returns nothing when a rule asks for what was released before
   * @throws RelayRefusal; nothing is queued then
   */
  release(
    message: MessageId,
    recipients?: readonly string[] | null,
    by?: ReleaseCause,
  ): Promise<readonly Delivery[]>;
  /** Newest first. */
  deliveries(filter?: DeliveryFilter): readonly Delivery[];
  delivery(id: string): Delivery | undefined;
  /** What a release would meet now; nothing is queued, nothing is sent. */
  rehearse(message: MessageId, recipients?: readonly string[] | null): Promise<Rehearsal>;
  /** Everything that was tried for a delivery, oldest first. */
  attempts(id: string): Promise<readonly Attempt[]>;
  /**
   * Tries now, whatever the schedule says; one that has failed, was cancelled or is unknown begins anew. `undefined`
   * when there is no such delivery; unchanged when it has been delivered or is under way.
   */
  retry(id: string): Promise<Delivery | undefined>;
  /** Cancels a delivery, unless it has ended or a server is receiving the message. */
  cancel(id: string): Promise<Delivery | undefined>;
  policy(): PolicyView;
  /** How many deliveries there are in each state. */
  counts(): Readonly<Record<DeliveryState, number>>;
  /** Starts the relay, and continues the deliveries that an earlier process left in the queue. */
  start(): Promise<void>;
  /** Waits a limited time for the replies to messages that were sent; all other deliveries stay queued. */
  close(): Promise<void>;
}

/** Throws an `Error` for a configuration that cannot be: a bad pattern, route or smart host. */
export function createRelay(options: RelayOptions): Relay {
  const { store, config, clock } = options;
  const policy = createPolicy(config);
  const queue = new DeliveryQueue(store, clock);
  const dispatcher = createDispatcher({ ...options, queue, policy });
  const acceptedSince = (instant: number): number => queue.acceptedSince(instant);
  const releases = new Releases({ ...options, queue, policy });
  const auto = new AutoRelay({ ...options, policy, releases, released: () => dispatcher.wake() });

  return {
    async release(id, recipients = null, by = 'person') {
      const deliveries = await releases.release(id, recipients, by);
      dispatcher.wake();
      return deliveries;
    },

    rehearse: (id, recipients = null) => releases.rehearse(id, recipients),
    deliveries: (filter = {}) => queue.list(filter),
    delivery: (id) => queue.get(id),
    attempts: (id) => queue.attempts(id),

    async retry(id) {
      const delivery = queue.get(id);
      if (delivery === undefined || delivery.state === 'delivered' || dispatcher.isUnderWay(id))
        return delivery;
      const now = clock();
      policy.judge([delivery.to], delivery.by, now, () => 0);
      const anew = isFinal(delivery) ? { state: 'queued' as const, since: now, delayNotified: false } : {};
      const changed = await queue.update(id, { ...anew, nextAttemptAt: now });
      dispatcher.wake();
      return changed;
    },

    async cancel(id) {
      const delivery = queue.get(id);
      if (delivery === undefined || isFinal(delivery) || delivery.state === 'sending') return delivery;
      const reason = 'Cancelled by a person';
      return queue.update(id, { state: 'cancelled', nextAttemptAt: null, reason, status: null });
    },

    counts: () => queue.counts(),
    policy: () => policy.view(clock(), acceptedSince),

    async start() {
      await queue.load();
      if (config.mode !== 'off') dispatcher.start();
      await (config.mode === 'auto' ? auto.start() : auto.forget());
    },

    async close() {
      await auto.close();
      await dispatcher.close();
    },
  };
}
