/** The settings of the page that are stored in this browser. */
import { useLocalStorage } from '@vueuse/core';

export type Density = 'comfortable' | 'compact';

export const density = useLocalStorage<Density>('restante.density', 'comfortable');
/** The width of the list pane as a share of the inbox view. */
export const listShare = useLocalStorage('restante.list-share', 0.34);
export const notifyOnArrival = useLocalStorage('restante.notify', false);
/** Whether the browser tab shows the number of unread messages. */
export const badgeOn = useLocalStorage('restante.badge', true);
/** The reading direction of the page; if empty, the direction of the page's language. */
export const direction = useLocalStorage<'' | 'ltr' | 'rtl'>('restante.direction', '');
/** Searches that the user saved in the sidebar. */
export const savedSearches = useLocalStorage<string[]>('restante.searches', []);
/** The last searches, the newest first. */
export const recentSearches = useLocalStorage<string[]>('restante.recent', []);
/** The accounts that the user pinned to the top of the sidebar. */
export const pinnedAccounts = useLocalStorage<string[]>('restante.pinned', []);
/** The framework whose configuration snippet is shown. */
export const framework = useLocalStorage('restante.framework', 'node');
