/** Where everything is: what is shown, selected and searched for stands in the address, so that it can be shared. */
import { createRouter, createWebHistory, type LocationQueryRaw } from 'vue-router';

export const MESSAGE_TABS = [
  'preview',
  'headers',
  'source',
  'structure',
  'session',
  'links',
  'checks',
  'history',
  'test',
] as const;
export type MessageTab = (typeof MESSAGE_TABS)[number];

/** What can be compared of two messages. */
export const COMPARE_VIEWS = ['rendered', 'text', 'headers', 'source'] as const;
export type CompareView = (typeof COMPARE_VIEWS)[number];

/** The account that receives everything. */
export const ALL = 'all';

/** Without routes as yet, so that what the views are made of can know the router. */
export const router = createRouter({
  history: createWebHistory(new URL(document.baseURI).pathname),
  routes: [],
});

/** The place of an inbox, and of a message in it. */
export function inboxAt(
  account: string,
  { query = '', id = '', tab = '' }: { query?: string; id?: string; tab?: MessageTab | '' } = {},
) {
  const search: LocationQueryRaw = query === '' ? {} : { q: query };
  return { name: 'inbox', params: { account, id, tab: tab === 'preview' ? '' : tab }, query: search };
}
