/**
 * The keyboard's place in the list. It is asked for from elsewhere (the search box, a command), and the list gives it
 * once its rows are there.
 */
import { nextTick, shallowRef } from 'vue';
import { inInbox } from './place.ts';

/** The row that is to get the focus, by its id; '' for the open one or the first in sight; null when none is to. */
export const wantedFocus = shallowRef<string | null>(null);

export const focusList = (id = ''): void => void (wantedFocus.value = id);

/** The message whose row has the focus; '' when none has. */
export const focusedRow = (): string =>
  document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset.message ?? '';

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;

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
  else document.getElementById('messages')?.focus();
}
