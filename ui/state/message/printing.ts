/**
 * Prints the page: the elements that are visible only on paper are rendered only on request, and printing
 * starts when they are ready.
 */
import { until, useEventListener, useMediaQuery } from '@vueuse/core';
import { computed, nextTick, ref, type Ref } from 'vue';

/**
 * The time after which the page is printed even if the elements that are visible only on paper are not ready,
 * in milliseconds.
 */
const PATIENCE = 5000;

const asked = ref(false);
/**
 * Whether the elements that are visible only on paper are ready. The component that renders them sets this
 * value.
 */
export const paperReady = ref(true);

export function usePrinting(): Readonly<Ref<boolean>> {
  const media = useMediaQuery('print');
  useEventListener(window, 'beforeprint', () => (asked.value = true));
  useEventListener(window, 'afterprint', () => (asked.value = false));
  return computed(() => asked.value || media.value);
}

/**
 * Prints the page when the elements that are visible only on paper are ready. Printing from the browser's own
 * menu cannot wait: a frame that is not loaded then is printed as it is on the screen.
 */
export async function printPage(): Promise<void> {
  asked.value = true;
  await nextTick();
  await until(paperReady).toBe(true, { timeout: PATIENCE });
  window.print();
}
