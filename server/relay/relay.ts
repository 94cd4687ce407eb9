/**
 * The relay, the only module that sends mail to hosts on the internet. A release (the request to send a message
 * to recipients) adds deliveries to a persistent queue. The queue is processed in rounds, one for each release
 * and route, until the outcome for every recipient is final. The policy is checked when a message is released
 * and again before it is sent. Invariants:
 * - Nothing is sent that the policy does not allow at that moment; a release is refused as a whole.
 * - Before the final dot of a message is sent, the store records the deliveries whose outcome depends on the
 *   reply to the dot: after a crash none of them is sent again automatically.
 * - Only one round at a time works on a delivery.
 */
import type { MessageId } from '../store/ids.ts';
import { AllowList, type AllowChange } from './allow-list.ts';
import { AutoRelay } from './auto-relay.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Attempt, Delivery, DeliveryState, ReleaseCause } from './delivery.ts';
import { isFinal } from './delivery.ts';
import type { RelayOptions } from './options.ts';
import { ownedBy } from '../store/ownership.ts';
import { createPolicy, type PolicyView } from './policy.ts';
import { DeliveryQueue, type DeliveryFilter } from './queue.ts';
import { Releases, type Rehearsal } from './releases.ts';

export type { Attempt, Delivery, DeliveryState, ReleaseCause } from './delivery.ts';
export type { DkimKey, Notice, RelayConfig, RelayOptions } from './options.ts';
export type { PolicyView } from './policy.ts';
export type { DeliveryFilter } from './queue.ts';
export type { Rehearsal } from './releases.ts';
export { AllowListError } from './allow-list.ts';
export { RelayRefusal } from './refusal.ts';
export { dnsResolver } from './resolver.ts';

export interface Relay {
  /**
   * Releases a message: adds deliveries to the queue, and resolves when the deliveries are stored.
   *
   * @param recipients the addresses to send to; if absent or `null`, the recipients of the message's envelope
   * @returns the new deliveries; none if a rule releases a message that was released before
   * @throws RelayRefusal if the release is refused; then nothing is queued
   */
  release(
    message: MessageId,
    recipients?: readonly string[] | null,
    by?: ReleaseCause,
  ): Promise<readonly Delivery[]>;
  /** Resolves when this node has read all changes of deliveries that other nodes have made before this call. */
  caughtUp(): Promise<void>;
  /** Returns the deliveries that match the filter, newest first. */
  deliveries(filter?: DeliveryFilter): readonly Delivery[];
  delivery(id: string): Delivery | undefined;
  /** Predicts the result of releasing the message now. Nothing is queued, and nothing is sent. */
  rehearse(message: MessageId, recipients?: readonly string[] | null): Promise<Rehearsal>;
  /** Returns the logged attempts of a delivery, oldest first. */
  attempts(id: string): Promise<readonly Attempt[]>;
  /**
   * Retries a delivery now, regardless of its schedule. A delivery that has failed, was cancelled or has an
   * unknown outcome starts again. Returns `undefined` for an unknown id, and the unchanged delivery if it was
   * delivered or is being sent.
   */
  retry(id: string): Promise<Delivery | undefined>;
  /** Cancels a delivery, unless it has ended or a server is already receiving the message. */
  cancel(id: string): Promise<Delivery | undefined>;
  policy(): PolicyView;
  /**
   * Changes the allow list, and keeps the change in the store.
   * @throws AllowListError if a pattern is invalid or cannot be removed, or if the options permit no change
   */
  changeAllowList(change: AllowChange): Promise<void>;
  /** Returns the number of deliveries in each state. */
  counts(): Readonly<Record<DeliveryState, number>>;
  /** Starts the relay, and continues the deliveries that an earlier process left in the queue. */
  start(): Promise<void>;
  /**
   * Stops the relay. Waits a limited time for the servers' replies to messages that were sent; all other
   * deliveries stay queued.
   */
  close(): Promise<void>;
}

const mayRetry = ({ state }: Delivery): boolean => state !== 'delivered' && state !== 'sending';

/** Creates the relay. Throws an `Error` for an invalid pattern, route or smart host. */
export function createRelay(options: RelayOptions): Relay {
  const { store, config, clock } = options;
  const allowList = new AllowList(options);
  const policy = createPolicy(config, allowList);
  const queue = new DeliveryQueue(store, clock);
  const dispatcher = createDispatcher({ ...options, queue, policy });
  const acceptedSince = (instant: number): number => queue.acceptedSince(instant);
  const releases = new Releases({ ...options, queue, policy });
  let stopTaking = (): void => undefined;
  const auto = new AutoRelay({ ...options, policy, releases, released: () => dispatcher.wake() });

  return {
    async release(id, recipients = null, by = 'person') {
      const deliveries = await releases.release(id, recipients, by);
      dispatcher.wake();
      return deliveries;
    },

    caughtUp: () => queue.caughtUp(),
    rehearse: (id, recipients = null) => releases.rehearse(id, recipients),
    deliveries: (filter = {}) => queue.list(filter),
    delivery: (id) => queue.get(id),
    attempts: (id) => queue.attempts(id),

    async retry(id) {
      await queue.caughtUp();
      const delivery = queue.get(id);
      if (delivery === undefined || !mayRetry(delivery) || dispatcher.isUnderWay(id)) return delivery;
      const now = clock();
      policy.judge([delivery.to], delivery.by, now, () => 0);
      const anew = isFinal(delivery) ? { state: 'queued' as const, since: now, delayNotified: false } : {};
      // No node is working on a delivery that has ended, so that this node may become its owner.
      const owner = isFinal(delivery) ? ownedBy(store.nodes) : {};
      const changed = await queue.update(id, { ...anew, ...owner, nextAttemptAt: now }, mayRetry);
      dispatcher.wake();
      return changed;
    },

    async cancel(id) {
      await queue.caughtUp();
      if (queue.get(id) === undefined) return undefined;
      const reason = 'Cancelled on request';
      const cancelled = { state: 'cancelled', nextAttemptAt: null, reason, status: null } as const;
      return queue.update(id, cancelled, (now) => !isFinal(now) && now.state !== 'sending');
    },

    counts: () => queue.counts(),
    policy: () => policy.view(clock(), acceptedSince),
    changeAllowList: (change) => allowList.change(change),

    async start() {
      await allowList.load();
      await queue.load(() => dispatcher.wake());
      // A node whose relay is off does not change deliveries of other nodes; if there is no other node, it records the
      // outcome of these deliveries.
      const isActive = config.mode !== 'off';
      const taken = isActive || store.nodes.self === undefined ? await queue.takeOver(true) : [];
      if (isActive) dispatcher.start(taken);
      if (isActive)
        stopTaking = store.nodes.onGone(async () => dispatcher.resume(await queue.takeOver(false)));
      await (config.mode === 'auto' ? auto.start() : auto.forget());
    },

    async close() {
      stopTaking();
      allowList.close();
      await auto.close();
      await dispatcher.close();
      queue.close();
    },
  };
}
