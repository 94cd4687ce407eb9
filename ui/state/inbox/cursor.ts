/**
 * Keyboard navigation in the message list: one row is a tab stop, and the arrow keys move the focus from row to row
 * (the roving tabindex of WAI-ARIA).
 */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { rows, status } from './list.ts';
import { focusedRow, rowOf, wantedFocus } from '../shared/focus.ts';
import { messageId } from '../shared/place.ts';

export interface ListWindow {
  /** The rendered rows: the index of each row, and the offset of its start in CSS pixels. */
  readonly items: ComputedRef<readonly { readonly index: number; readonly start: number }[]>;
  /** Returns the scroll position of the list in CSS pixels. */
  readonly scrolled: () => number;
  /** Scrolls the list to the row at an index. */
  readonly show: (index: number) => void;
}

export function useListCursor({ items, scrolled, show }: ListWindow) {
  const indexOf = (id: string): number => rows.value.findIndex((row) => row.id === id);

  /** The id of the message whose row had the focus last. */
  const cursor = shallowRef('');
  const firstInSight = (): number => items.value.find(({ start }) => start >= scrolled())?.index ?? 0;

  /**
   * The id of the message whose row Tab focuses: the row that had the focus last, otherwise the row of the
   * open message, otherwise the first visible row.
   */
  const tabbable = computed(() => {
    const rendered = new Set(items.value.map(({ index }) => rows.value[index]?.id));
    return (
      [cursor.value, messageId.value].find((id) => rendered.has(id)) ?? rows.value[firstInSight()]?.id ?? ''
    );
  });

  /**
   * Returns the index of the row to focus: the row with this id, otherwise the row of the open message,
   * otherwise the first visible row.
   */
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
      // A row outside the visible area is not rendered, so it is focused after the list has scrolled to it.
      show(indexOf(row.id));
      wantedFocus.value = element === null ? row.id : null;
      element?.focus({ preventScroll: true });
    },
    { flush: 'post', immediate: true },
  );

  /** Handles a key press in the list. */
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
