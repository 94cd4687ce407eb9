/** Everything that the relay view shows: the policy, and the deliveries in one state or in all. */
import { computed, ref } from 'vue';
import type { DeliveryState } from '../../../contract/index.ts';
import { info } from '../shared/overview.ts';
import { useDeliveries } from './deliveries.ts';

export function useRelayView() {
  /** The state of the listed deliveries; empty for every state. */
  const state = ref<DeliveryState | ''>('');
  const { list, failure } = useDeliveries(() => (state.value === '' ? {} : { state: state.value }));
  const counts = computed(() => {
    const all = Object.entries(list.value?.counts ?? {}) as [DeliveryState, number][];
    return all.filter(([name, n]) => n > 0 || name === state.value);
  });
  const total = computed(() => counts.value.reduce((sum, [, n]) => sum + n, 0));
  return {
    info,
    list,
    failure,
    state,
    total,
    /** Each state that deliveries are in, with their number; before them, all deliveries. */
    choices: computed(() => [['', total.value] as const, ...counts.value]),
  };
}
