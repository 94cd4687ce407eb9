/** The account, query, message and tab in the URL of the page, and functions that navigate between them. */
import { computed } from 'vue';
import { ALL, inboxAt, MESSAGE_TABS, router, type MessageTab } from '../../router.ts';

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
export const tab = computed<MessageTab>(
  () => MESSAGE_TABS.find((known) => known === parameter('tab')) ?? 'preview',
);

export const placeOfMessage = (id: string) =>
  inboxAt(account.value, { query: query.value, id, tab: id === '' ? '' : tab.value });

export const openMessageAt = (id: string): void => {
  const place = placeOfMessage(id);
  // Opening a message adds a history entry only if no message was open before, so that the Back button
  // returns to the list.
  void (messageId.value === '' ? router.push(place) : router.replace(place));
};
export const openTab = (next: MessageTab): void =>
  void router.replace(inboxAt(account.value, { query: query.value, id: messageId.value, tab: next }));
export async function closeToList(): Promise<void> {
  await router.push(inboxAt(account.value, { query: query.value }));
}
export async function search(next: string, { replace = false } = {}): Promise<void> {
  const place = inboxAt(account.value, { query: next, id: messageId.value, tab: tab.value });
  await (replace ? router.replace(place) : router.push(place));
}
