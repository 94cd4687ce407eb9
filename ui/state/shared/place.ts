/** The account, query, message and tab in the URL of the page, and functions that navigate between them. */
import { computed } from 'vue';
import {
  ALL,
  inboxAt,
  MESSAGE_TABS,
  router,
  SOURCE_VIEWS,
  type MessageTab,
  type SourceView,
} from '../../router.ts';

const route = router.currentRoute;
/** Whether the page shows an inbox, with or without an open message. */
export const inInbox = computed(() => route.value.name === 'inbox');
const parameter = (name: string): string => {
  const value = route.value.params[name];
  return typeof value === 'string' ? value : '';
};

export const account = computed(() => parameter('account') || ALL);
export const messageId = computed(() => parameter('id'));
export const query = computed(() => {
  const { q } = route.value.query;
  return typeof q === 'string' ? q : '';
});
/** Maps the tabs of earlier versions, which are still in bookmarks, to the tabs that show the same content now. */
const FORMER_TABS: Readonly<Partial<Record<string, MessageTab>>> = {
  structure: 'source',
  session: 'headers',
  history: 'activity',
};
export const tab = computed<MessageTab>(
  () =>
    MESSAGE_TABS.find((known) => known === parameter('tab')) ?? FORMER_TABS[parameter('tab')] ?? 'preview',
);
/** The view of the source that the URL names; null if it names none. */
export const sourceView = computed<SourceView | null>(() => {
  if (parameter('tab') === 'structure') return 'structure';
  return SOURCE_VIEWS.find((known) => known === route.value.query.view) ?? null;
});

export const placeOfMessage = (id: string) =>
  inboxAt(account.value, { query: query.value, id, tab: id === '' ? '' : tab.value, view: sourceView.value });

export const openMessageAt = (id: string): void => {
  const place = placeOfMessage(id);
  // Opening a message adds a history entry only if no message was open before, so that the Back button
  // returns to the list.
  void (messageId.value === '' ? router.push(place) : router.replace(place));
};
/** Opens a tab of the open message, and in the source tab one of its views. */
export const openTab = (next: MessageTab, view: SourceView | null = null): void =>
  void router.replace(inboxAt(account.value, { query: query.value, id: messageId.value, tab: next, view }));
export async function closeToList(): Promise<void> {
  await router.push(inboxAt(account.value, { query: query.value }));
}
export async function search(next: string, { replace = false } = {}): Promise<void> {
  const place = inboxAt(account.value, {
    query: next,
    id: messageId.value,
    tab: tab.value,
    view: sourceView.value,
  });
  await (replace ? router.replace(place) : router.push(place));
}
