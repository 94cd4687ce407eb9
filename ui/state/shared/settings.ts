/** Settings of this browser. */
import { useLocalStorage } from '@vueuse/core';

export type Density = 'comfortable' | 'compact';

export const density = useLocalStorage<Density>('restante.density', 'comfortable');
/** Width of the list pane in pixels. */
export const listWidth = useLocalStorage('restante.list-width', 392);
export const notifyOnArrival = useLocalStorage('restante.notify', false);
/** Whether the tab shows the number of unread messages. */
export const badgeOn = useLocalStorage('restante.badge', true);
/** Reading direction of the page; '' is that of its language. */
export const direction = useLocalStorage<'' | 'ltr' | 'rtl'>('restante.direction', '');
/** Searches kept in the sidebar. */
export const savedSearches = useLocalStorage<string[]>('restante.searches', []);
/** The framework whose settings are shown. */
export const framework = useLocalStorage('restante.framework', 'node');
