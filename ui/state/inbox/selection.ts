/**
 * The selection of messages: by Ctrl-click, by Shift-click from the last selected message, or of all messages
 * that match the query.
 */
import { computed, shallowRef } from 'vue';
import type { Summary } from '../../../contract/index.ts';
import { isTotalAtLeast, rows, total } from './list.ts';

export const selected = shallowRef<ReadonlySet<string>>(new Set());
/** Whether all messages of the account and query are selected, loaded or not. */
export const everything = shallowRef(false);
let anchor: string | null = null;

export const selectedCount = computed(() => (everything.value ? total.value : selected.value.size));
/** Whether more messages than `selectedCount` are selected, because the server did not count all matches. */
export const isSelectedAtLeast = computed(() => everything.value && isTotalAtLeast.value);
export const selectedRows = computed<readonly Summary[]>(() =>
  everything.value ? rows.value : rows.value.filter(({ id }) => selected.value.has(id)),
);

export const isSelected = (id: string): boolean => everything.value || selected.value.has(id);

export function clearSelection(): void {
  selected.value = new Set();
  everything.value = false;
  anchor = null;
}

export function toggle(id: string): void {
  const next = new Set(everything.value ? rows.value.map((row) => row.id) : selected.value);
  everything.value = false;
  if (!next.delete(id)) next.add(id);
  selected.value = next;
  anchor = id;
}

/** Selects the messages from the last selected message (or from the open message) to the message with the given id. */
export function extendTo(id: string, open: string): void {
  const from = rows.value.findIndex((row) => row.id === (anchor ?? open));
  const to = rows.value.findIndex((row) => row.id === id);
  if (from < 0 || to < 0) {
    toggle(id);
    return;
  }
  const range = rows.value.slice(Math.min(from, to), Math.max(from, to) + 1);
  selected.value = new Set([...selected.value, ...range.map((row) => row.id)]);
  anchor = id;
}

export function selectEverything(): void {
  everything.value = true;
}
