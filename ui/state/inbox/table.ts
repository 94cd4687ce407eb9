/** The table form of the message list: whether the list is wide enough for it, and its columns. */
import { useLocalStorage, useWindowSize } from '@vueuse/core';
import { computed } from 'vue';
import { messageId } from '../shared/place.ts';
import { listShare } from '../shared/settings.ts';

export const COLUMNS = ['from', 'to', 'subject', 'tags', 'user', 'size', 'time'] as const;
export type Column = (typeof COLUMNS)[number];

/** The widths of the columns, as track sizes of a CSS grid. */
const WIDTHS: Readonly<Record<Column, string>> = {
  from: 'minmax(7rem, 1.1fr)',
  to: 'minmax(7rem, 1.1fr)',
  subject: 'minmax(10rem, 3fr)',
  tags: '7rem',
  user: '7rem',
  size: '4rem',
  time: '9.5rem',
};
/** The minimum width of the list for a table, in CSS pixels. */
const LEAST = 720;
/** The limits of the width of the list beside an open message, in CSS pixels. */
export const NARROWEST_LIST = 300;
export const WIDEST_LIST = 1120;
/**
 * The minimum widths of the window, in CSS pixels, at which it shows the sidebar reduced to icons, and the whole
 * sidebar.
 */
const [TWO_PANES, WITH_ICONS, WITH_SIDEBAR] = [768, 1024, 1280];

/** The columns that the user chose. */
const chosenColumns = useLocalStorage<Column[]>('restante.columns', [
  ...(['from', 'to', 'subject', 'tags', 'size', 'time'] as const),
]);
export const columns = computed<readonly Column[]>(() =>
  COLUMNS.filter((column) => column === 'subject' || chosenColumns.value.includes(column)),
);
export const columnTracks = computed(() => columns.value.map((column) => WIDTHS[column]).join(' '));

export function toggleColumn(column: Column): void {
  const others = chosenColumns.value.filter((one) => one !== column);
  chosenColumns.value = chosenColumns.value.includes(column) ? others : [...others, column];
}

const { width } = useWindowSize();
/** The width of the inbox view, computed from that of the window, so that the first rendering has its final form. */
const viewWidth = computed(() => {
  if (width.value >= WITH_SIDEBAR) return width.value - 224;
  return width.value >= WITH_ICONS ? width.value - 48 : width.value;
});

/** Whether the list is a table: where no message is open, and beside a message if the list is wide. */
export const isTable = computed(() => {
  if (width.value < TWO_PANES) return false;
  const beside = Math.min(WIDEST_LIST, Math.max(NARROWEST_LIST, listShare.value * viewWidth.value));
  return (messageId.value === '' ? viewWidth.value : beside) >= LEAST;
});
