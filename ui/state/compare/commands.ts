/**
 * The commands that open a comparison of two messages, and the commands that are available while it is open.
 */
import { computed } from 'vue';
import { strings as s } from '../../strings.ts';
import { router } from '../../router.ts';
import type { Command } from '../app/command.ts';
import { closeCompare, compare, goToStop, isComparing, stops, swapSides } from './comparison.ts';
import { comparing } from '../shared/dialogs.ts';
import { detail } from '../message/open-message.ts';
import { messageId } from '../shared/place.ts';
import { everything, selected, selectedRows } from '../inbox/selection.ts';

/** Whether exactly two messages are selected in the list. */
export const twoSelected = computed(() => !everything.value && selected.value.size === 2);

export function compareSelected(): void {
  const [one, other] = selectedRows.value;
  if (one !== undefined && other !== undefined) compare(one, other);
}

const inInbox = (): boolean => router.currentRoute.value.name === 'inbox';
const hasStops = (): boolean => isComparing() && stops.value.length > 0;

export const compareCommands: readonly Command[] = [
  {
    id: 'compare-two',
    group: 'compare',
    label: s.compare.two,
    keys: ['d'],
    run: compareSelected,
    when: () => inInbox() && twoSelected.value,
  },
  {
    id: 'compare-with',
    group: 'compare',
    label: s.compare.with,
    keys: ['d'],
    run: () => (comparing.value = detail.value),
    when: () => inInbox() && !twoSelected.value && messageId.value !== '' && detail.value !== null,
  },
  {
    id: 'compare-next',
    group: 'compare',
    label: s.compare.next,
    keys: ['n'],
    run: () => goToStop(1),
    when: hasStops,
  },
  {
    id: 'compare-previous',
    group: 'compare',
    label: s.compare.previous,
    keys: ['p'],
    run: () => goToStop(-1),
    when: hasStops,
  },
  {
    id: 'compare-swap',
    group: 'compare',
    label: s.compare.swap,
    keys: [],
    run: swapSides,
    when: isComparing,
  },
  {
    id: 'compare-close',
    group: 'compare',
    label: s.compare.back,
    keys: ['u', 'escape'],
    run: closeCompare,
    when: isComparing,
  },
];
