/**
 * The router of the page. The URL contains everything that is shown, selected and searched for, so that it
 * can be shared.
 */
import { createRouter, createWebHistory, type LocationQueryRaw } from 'vue-router';

export const MESSAGE_TABS = ['preview', 'source', 'headers', 'checks', 'activity'] as const;
export type MessageTab = (typeof MESSAGE_TABS)[number];

/** The views of the source of a message. */
export const SOURCE_VIEWS = ['html', 'text', 'raw', 'structure'] as const;
export type SourceView = (typeof SOURCE_VIEWS)[number];

/** The views of a comparison of two messages, each for one kind of content. */
export const COMPARE_VIEWS = ['rendered', 'text', 'headers', 'source'] as const;
export type CompareView = (typeof COMPARE_VIEWS)[number];

/** The name of the account that receives every message. */
export const ALL = 'all';

/** The router without its routes, which are added later, because the views import the router themselves. */
export const router = createRouter({
  history: createWebHistory(new URL(document.baseURI).pathname),
  routes: [],
});

/** Returns the router location of an inbox, or of a message in the inbox. */
export function inboxAt(
  account: string,
  {
    query = '',
    id = '',
    tab = '',
    view = null,
  }: { query?: string; id?: string; tab?: MessageTab | ''; view?: SourceView | null } = {},
) {
  const search: LocationQueryRaw = {
    ...(query === '' ? {} : { q: query }),
    ...(tab === 'source' && view !== null ? { view } : {}),
  };
  return { name: 'inbox', params: { account, id, tab: tab === 'preview' ? '' : tab }, query: search };
}
