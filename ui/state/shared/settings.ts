/** What the reader set up on this browser. */
import { useLocalStorage } from '@vueuse/core';

export type Density = 'comfortable' | 'compact';

export const density = useLocalStorage<Density>('restante.density', 'comfortable');
/** Width of the list pane in pixels. */
export const listWidth = useLocalStorage('restante.list-width', 392);
export const notifyOnArrival = useLocalStorage('restante.notify', false);
/** Whether the tab says how much is unread. */
export const badgeOn = useLocalStorage('restante.badge', true);
/** Which way the page reads; '' is the way of its language. */
export const direction = useLocalStorage<'' | 'ltr' | 'rtl'>('restante.direction', '');
/** Searches kept in the sidebar. */
export const savedSearches = useLocalStorage<string[]>('restante.searches', []);
/** The framework whose settings are shown. */
export const framework = useLocalStorage('restante.framework', 'node');
