/** Whether the page is being printed: what is on paper alone is made only then. */
import { useEventListener, useMediaQuery } from '@vueuse/core';
import { computed, ref, type Ref } from 'vue';

export function usePrinting(): Readonly<Ref<boolean>> {
  const asked = ref(false);
  const media = useMediaQuery('print');
  useEventListener(window, 'beforeprint', () => (asked.value = true));
  useEventListener(window, 'afterprint', () => (asked.value = false));
  return computed(() => asked.value || media.value);
}
