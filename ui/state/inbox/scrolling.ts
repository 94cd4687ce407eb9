/**
 * Computes the visible rows of the list. The scroll height includes all messages, loaded or not. The visible
 * rows do not move when rows above them are added or removed.
 */
import { useVirtualizer } from '@tanstack/vue-virtual';
import { useNow } from '@vueuse/core';
import { computed, nextTick, ref, shallowRef, useTemplateRef, watch } from 'vue';
import { dayOf } from '../../format.ts';
import { density } from '../shared/settings.ts';
import { useListCursor } from './cursor.ts';
import { arrived, isTotalAtLeast, loadUntil, rows, scope, total } from './list.ts';
import { isTable } from './table.ts';
import { useOpenRow } from './open-row.ts';
import { useRowFinds } from './row-finds.ts';

/**
 * The height of a row of the list, and of a row of its table form, in CSS pixels, by the density that the user chose.
 */
const HEIGHTS = { comfortable: 77, compact: 52 } as const;
const TABLE_HEIGHTS = { comfortable: 38, compact: 30 } as const;
const rowHeight = computed(() => (isTable.value ? TABLE_HEIGHTS : HEIGHTS)[density.value]);
const DAY_HEIGHT = 28;

export function useListScrolling() {
  const scroller = useTemplateRef<HTMLElement>('scroller');
  const now = useNow({ interval: 30_000 });
  const missed = ref(0);
  const days = new WeakMap<object, number>();

  function dayAt(index: number): number | null {
    const row = rows.value[index];
    if (row === undefined) return null;
    const known = days.get(row) ?? dayOf(row.receivedAt);
    days.set(row, known);
    return known;
  }
  const startsDay = (index: number): boolean => {
    const day = dayAt(index);
    return day !== null && (index === 0 || dayAt(index - 1) !== day);
  };

  const virtualizer = useVirtualizer(
    computed(() => ({
      count: Math.max(total.value, rows.value.length),
      getScrollElement: () => scroller.value,
      estimateSize: (index: number) => rowHeight.value + (startsDay(index) ? DAY_HEIGHT : 0),
      overscan: 8,
    })),
  );
  const items = computed(() => virtualizer.value.getVirtualItems());

  watch(
    () => items.value.at(-1)?.index ?? 0,
    (last) => {
      if (last + 20 >= rows.value.length) void loadUntil(last + 20);
    },
  );

  /**
   * The row at the top edge of the visible area, and the height of the row's hidden part in CSS pixels. This
   * row must not move when rows are added above it.
   */
  const anchor = shallowRef<{ id: string; past: number } | null>(null);
  function remember(): void {
    const top = scroller.value?.scrollTop ?? 0;
    const item = virtualizer.value.getVirtualItemForOffset(top);
    const id = item === undefined ? undefined : rows.value[item.index]?.id;
    anchor.value = id === undefined || item === undefined || top < 4 ? null : { id, past: top - item.start };
    if (top < 4) missed.value = 0;
  }

  watch([rows, rowHeight], async ([next], [before]) => {
    virtualizer.value.measure();
    const held = anchor.value;
    if (held === null || scroller.value === null) return;
    if (next !== before && next[0]?.id !== before[0]?.id) {
      missed.value += next.filter(
        ({ id }) => arrived.value.has(id) && !before.some((row) => row.id === id),
      ).length;
    }
    const index = next.findIndex(({ id }) => id === held.id);
    const place = index < 0 ? undefined : virtualizer.value.getOffsetForIndex(index, 'start')?.[0];
    if (place === undefined) return;
    await nextTick();
    scroller.value.scrollTop = place + held.past;
  });
  useRowFinds(computed(() => items.value.flatMap(({ index }) => rows.value.slice(index, index + 1))));
  watch(scope, () => toTop());
  const { move, tabbable, focusCame } = useListCursor({
    items,
    scrolled: () => scroller.value?.scrollTop ?? 0,
    show: (index) => virtualizer.value.scrollToIndex(index, { align: 'auto' }),
  });
  useOpenRow((index, align) => virtualizer.value.scrollToIndex(index, { align }));

  function toTop(): void {
    missed.value = 0;
    anchor.value = null;
    scroller.value?.scrollTo({ top: 0 });
  }

  return {
    items,
    height: computed(() => virtualizer.value.getTotalSize()),
    rows,
    total,
    isTotalAtLeast,
    arrived,
    /** The current time in milliseconds since the epoch. */
    now: computed(() => now.value.getTime()),
    missed,
    startsDay,
    dayAt,
    remember,
    toTop,
    move,
    tabbable,
    focusCame,
  };
}
