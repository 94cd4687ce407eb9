/**
 * The state of the inbox view: the message list for the account and query in the URL of the page, and the
 * open message.
 */
import { computed, watch } from 'vue';
import { usePrinting } from '../message/printing.ts';
import { focusView, wantedFocus } from '../shared/focus.ts';
import { connection } from '../shared/overview.ts';
import { account, messageId, query } from '../shared/place.ts';
import { useFollowing } from './follow.ts';
import { failure, isEmpty, openScope, reload, status } from './list.ts';
import { clearSelection } from './selection.ts';

export function useInboxView() {
  const isPrinting = usePrinting();

  watch(
    [account, query],
    () => {
      clearSelection();
      openScope({ account: account.value, query: query.value });
    },
    { immediate: true },
  );

  useFollowing();

  // A list that could not be loaded during an outage is loaded after the reconnection.
  watch(connection, (now) => {
    if (now === 'live' && status.value === 'failed' && failure.value?.problem === null) void reload();
  });

  // An empty list cannot take the focus, so the view takes it instead, unless the focus is in the search box.
  watch([wantedFocus, status, isEmpty], async ([id]) => {
    if (id === null || (status.value !== 'failed' && !isEmpty.value)) return;
    wantedFocus.value = null;
    await focusView();
  });

  const isMessageOpen = computed(() => messageId.value !== '');
  return {
    isMessageOpen,
    isPrinting,
    /** Whether the account has no messages at all. */
    isWelcome: computed(() => isEmpty.value && query.value === '' && !isMessageOpen.value),
  };
}
