/**
 * The messages to which keyboard commands apply: the selected messages, otherwise the row with the focus,
 * otherwise the open message.
 */
import { remove, removeAll } from './deletion.ts';
import { focusedRow, focusList, keepFocus } from '../shared/focus.ts';
import { loadUntil, rows } from './list.ts';
import { mark, markAll, markSelected } from './marks.ts';
import { closeToList, inInbox, messageId, openMessageAt } from '../shared/place.ts';
import { clearSelection, everything, selectedCount, selectedRows, toggle } from './selection.ts';

/**
 * Returns the id of the message whose row has the focus, or else of the open message; empty if there is
 * neither.
 */
const standingOn = (): string => focusedRow() || messageId.value;

const targets = () =>
  selectedCount.value > 0 ? selectedRows.value : rows.value.filter(({ id }) => id === standingOn());

export const hasTarget = (): boolean => inInbox.value && targets().length > 0;
export const canSelect = (): boolean => inInbox.value && standingOn() !== '';
export const selectTarget = (): void => toggle(standingOn());

/**
 * Opens the message after or before the current message. If the focus is in the list, the focus moves to the
 * row of the opened message.
 */
export function step(by: 1 | -1): void {
  const at = rows.value.findIndex(({ id }) => id === standingOn());
  const next = rows.value[at < 0 ? 0 : Math.max(0, at + by)];
  if (next !== undefined) {
    if (focusedRow() !== '') focusList(next.id);
    openMessageAt(next.id);
  }
  void loadUntil(at + 20);
}

/** Closes the open message. If the focus was inside the message, the focus moves to the row of the message. */
export async function closeOpen(): Promise<void> {
  const id = messageId.value;
  await closeToList();
  await keepFocus(id);
}

/**
 * Deletes the messages to which the command applies. If the open message is among them, opens the message
 * after it.
 */
export function removeTargets(): void {
  if (everything.value) {
    clearSelection();
    void closeToList();
    void removeAll();
    void keepFocus();
    return;
  }
  const doomed = targets();
  const ids = new Set(doomed.map(({ id }) => id));
  /**
   * Returns the id of the nearest remaining message, counted from the message `from`; an empty text if no
   * message remains.
   */
  const nearest = (from: string): string => {
    const at = rows.value.findIndex(({ id }) => id === from);
    const stays = ({ id }: { id: string }): boolean => !ids.has(id);
    return (rows.value.slice(at + 1).find(stays) ?? rows.value.slice(0, at).findLast(stays))?.id ?? '';
  };
  const next = nearest(standingOn());
  if (ids.has(messageId.value)) {
    const beside = nearest(messageId.value);
    if (beside === '') void closeToList();
    else openMessageAt(beside);
  }
  clearSelection();
  remove(doomed);
  void keepFocus(next);
}

export function toggleRead(): void {
  const seen = targets().some((message) => !message.seen);
  if (everything.value) markAll({ seen });
  else if (selectedCount.value > 1) void markSelected(targets(), () => ({ seen }));
  else void mark(targets(), { seen });
}

export function toggleFlag(): void {
  const flagged = targets().some((message) => !message.flagged);
  if (everything.value) markAll({ flagged });
  else if (selectedCount.value > 1) void markSelected(targets(), () => ({ flagged }));
  else void mark(targets(), { flagged });
}
