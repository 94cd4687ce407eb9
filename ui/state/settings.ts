/** What the reader set up on this browser. */
import { useLocalStorage } from '@vueuse/core';

export type Density = 'comfortable' | 'compact';

export const density = useLocalStorage<Density>('restante.density', 'comfortable');
/** Width of the list pane in pixels. */
export const listWidth = useLocalStorage('restante.list-width', 392);
export const notifyOnArrival = useLocalStorage('restante.notify', false);
/** Searches kept in the sidebar. */
export const savedSearches = useLocalStorage<string[]>('restante.searches', []);
/** Accounts kept at the top of the sidebar. */
export const framework = useLocalStorage('restante.framework', 'node');
