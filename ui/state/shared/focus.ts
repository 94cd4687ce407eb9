/**
 * The keyboard focus in the message list. The search box and commands request the focus, and the list sets it as soon
 * as its rows are rendered.
 */
import { nextTick, shallowRef } from 'vue';
import { inInbox } from './place.ts';

/**
 * The id of the message whose row should receive the focus; empty for the open or first visible row; null if
 * no focus is requested.
 */
export const wantedFocus = shallowRef<string | null>(null);

export const focusList = (id = ''): void => void (wantedFocus.value = id);

/** Returns the id of the message whose row contains the focus; empty if the focus is in no row. */
export const focusedRow = (): string => rowOf(document.activeElement);

export const rowOf = (element: Element | null): string =>
  element?.closest<HTMLElement>('[data-row]')?.dataset.row ?? '';

/** Returns the element that contains the current view: the message list, or another page. */
const view = (): HTMLElement | null => document.getElementById('messages');

/** Returns whether no control has the focus: the focus is on the page or on the element of the current view. */
export function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement === view();
}

/** Focuses the view after a change of the route, if the element that had the focus was removed. */
export async function focusView(): Promise<void> {
  await nextTick();
  // The view is focused after a delay, because a closing dialog first restores the focus to another element.
  setTimeout(() => isNowhere() && view()?.focus());
}

/** Focuses the message list if the element that had the focus was removed. */
export async function keepFocus(id = ''): Promise<void> {
  await nextTick();
  if (isNowhere()) focusList(id);
}

/** Restores the focus to an element. If the element was removed, focuses the list or the view. */
export async function returnFocus(to: HTMLElement | null): Promise<void> {
  await nextTick();
  if (!isNowhere()) return;
  if (to?.isConnected === true) to.focus();
  else if (inInbox.value) focusList();
  else view()?.focus();
}
