/** The state of the server view: the server information, the current time, and the open connections. */
import { useNow } from '@vueuse/core';
import { computed } from 'vue';
import { info } from '../shared/overview.ts';
import { useConnections } from './connections.ts';

export function useServerView() {
  const time = useNow({ interval: 1000 });
  return {
    info,
    /** The current time in milliseconds since the epoch. */
    now: computed(() => time.value.getTime()),
    ...useConnections(),
  };
}
