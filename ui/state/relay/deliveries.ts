/** The deliveries of the relay, loaded again after each change. */
import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';
import type { DeliveriesQuery, Delivery, DeliveryList } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { recordChanges } from '../shared/record-changes.ts';
import { notify } from '../shared/toasts.ts';
import { strings as s } from '../../strings.ts';

/**
 * The minimum time between two requests for the deliveries, in milliseconds. It limits the requests, because a
 * delivery changes several times in its first second.
 */
const PACE = 250;

/**
 * Loads the deliveries that match a query, and updates them while the calling component exists. The list is null
 * before the first response.
 */
export function useDeliveries(query: MaybeRefOrGetter<DeliveriesQuery>): {
  readonly list: ShallowRef<DeliveryList | null>;
  readonly failure: ShallowRef<string>;
} {
  const list = shallowRef<DeliveryList | null>(null);
  const failure = shallowRef('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function load(): Promise<void> {
    timer = undefined;
    const turn = ++asked;
    try {
      const found = await client.deliveries(toValue(query));
      if (turn === asked) [list.value, failure.value] = [found, ''];
    } catch (error) {
      if (turn === asked) failure.value = wordsOf(error);
    }
  }
  watch(
    () => recordChanges.deliveries,
    () => (timer ??= setTimeout(() => void load(), PACE)),
  );
  watch(
    () => JSON.stringify(toValue(query)),
    () => {
      list.value = null;
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return { list, failure };
}

/** Returns whether the relay will try the delivery again. */
export const isOpenDelivery = ({ state }: Delivery): boolean => state === 'queued' || state === 'deferred';

export async function retry({ id, to }: Delivery): Promise<void> {
  try {
    await client.retryDelivery(id);
    notify(s.relay.retried(to));
  } catch (error) {
    notify(s.relay.retryFailed(wordsOf(error)), { tone: 'danger' });
  }
}

export async function cancel({ id, to }: Delivery): Promise<void> {
  try {
    await client.cancelDelivery(id);
    notify(s.relay.cancelled(to));
  } catch (error) {
    notify(s.relay.cancelFailed(wordsOf(error)), { tone: 'danger' });
  }
}
