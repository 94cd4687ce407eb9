/** The state of the comparison view that its components use. */
import { watch } from 'vue';
import { closeCompare, compareView, failure, leftId, loadPair, pair, rightId } from './comparison.ts';

export function useCompareView() {
  watch([leftId, rightId], ([left, right]) => void loadPair(left, right), { immediate: true });
  return { pair, failure, view: compareView, close: closeCompare };
}
