/**
 * The keyboard in the list: Tab comes by one row, the arrow keys go from row to row (WAI-ARIA's roving tabindex), and
 * the focus goes where it is wanted.
 */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { rows, status } from './list.ts';
import { focusedRow, rowOf, wantedFocus } from '../shared/focus.ts';
import { messageId } from '../shared/place.ts';

export interface ListWindow {
  /** The rows that are rendered, by index, and where they begin; in CSS pixels. */
  readonly items: ComputedRef<readonly { readonly index: number; readonly start: number }[]>;
  /** How far the list is scrolled. */
  readonly scrolled: () => number;
  /** Scrolls to a row. */
  readonly show: (index: number) => void;
}

export function useListCursor({ items, scrolled, show }: ListWindow) {
  const indexOf = (id: string): number => rows.value.findIndex((row) => row.id === id);

  /** The row that had the focus last. */
  const cursor = shallowRef('');
  const firstInSight = (): number => items.value.find(({ start }) => start >= scrolled())?.index ?? 0;

  /** The row that Tab focuses: the row that had the focus last, otherwise the open one, otherwise the first in sight. */
  const tabbable = computed(() => {
    const rendered = new Set(items.value.map(({ index }) => rows.value[index]?.id));
    return (
      [cursor.value, messageId.value].find((id) => rendered.has(id)) ?? rows.value[firstInSight()]?.id ?? ''
    );
  });

  /** Index of the row that receives the focus: the row with this id, otherwise the open one, otherwise the first in sight. */
  function destination(id: string): number {
    for (const known of [id, messageId.value]) {
      const index = known === '' ? -1 : indexOf(known);
      if (index >= 0) return index;
    }
    return firstInSight();
  }

  watch(
    [wantedFocus, status, items],
    ([id]) => {
      const row = id === null || status.value !== 'ready' ? undefined : rows.value[destination(id)];
      if (row === undefined) return;
      const element = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(row.id)}"]`);
      // A row out of sight is not rendered: it receives the focus after the scrolling.
      show(indexOf(row.id));
      wantedFocus.value = element === null ? row.id : null;
      element?.focus({ preventScroll: true });
    },
    { flush: 'post', immediate: true },
  );

  /** Handles the keys of the list. */
  function move(event: KeyboardEvent): void {
    const at = indexOf(focusedRow());
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (at < 0 || by === 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const next = rows.value[at + by];
    if (next !== undefined) wantedFocus.value = next.id;
    else if (by < 0) document.querySelector<HTMLElement>('[data-search]')?.focus();
  }

  function focusCame({ target }: FocusEvent): void {
    cursor.value = rowOf(target as Element);
  }

  return { move, tabbable, focusCame };
}
