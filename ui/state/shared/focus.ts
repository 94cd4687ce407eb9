/**
 * The keyboard's place in the list. It is asked for from elsewhere (the search box, a command), and the list gives it
 * once its rows are there.
 */
import { nextTick, shallowRef } from 'vue';
import { inInbox } from './place.ts';

/** The row that is to get the focus, by its id; '' for the open one or the first in sight; null when none is to. */
export const wantedFocus = shallowRef<string | null>(null);

export const focusList = (id = ''): void => void (wantedFocus.value = id);

/** The message whose row has the focus, or has something in it that has; '' when none has. */
export const focusedRow = (): string => rowOf(document.activeElement);

export const rowOf = (element: Element | null): string =>
  element?.closest<HTMLElement>('[data-row]')?.dataset.row ?? '';

/** The view that is shown, as a whole: the list, or a page. */
const view = (): HTMLElement | null => document.getElementById('messages');

/** Whether nothing in particular has the focus. */
export function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement === view();
}

/** Gives the focus to a view that has just come, when what led to it has gone. */
export async function focusView(): Promise<void> {
  await nextTick();
  // After a window that is closing has tried to give it back.
  setTimeout(() => isNowhere() && view()?.focus());
}

/** Gives the focus to the list when what had it has just gone from the page: so it is never nowhere. */
export async function keepFocus(id = ''): Promise<void> {
  await nextTick();
  if (isNowhere()) focusList(id);
}

/** Gives the focus back to where it was, or to what stands there now: the list, or the view beside it. */
export async function returnFocus(to: HTMLElement | null): Promise<void> {
  await nextTick();
  if (!isNowhere()) return;
  if (to?.isConnected === true) to.focus();
  else if (inInbox.value) focusList();
  else view()?.focus();
}
