/**
 * The state of the relay view: the relay's policy, and the deliveries in one selected state or in all states.
 */
import { computed, ref } from 'vue';
import type { DeliveryState } from '../../../contract/index.ts';
import { info } from '../shared/overview.ts';
import { useDeliveries } from './deliveries.ts';

export function useRelayView() {
  /** The selected state of the listed deliveries; an empty string lists deliveries in all states. */
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
    /**
     * The states that the user can select, each with its number of deliveries; the first choice is all
     * deliveries.
     */
    choices: computed(() => [['', total.value] as const, ...counts.value]),
  };
}
