/** The state of the message pane: the open message, or the reason why it cannot be shown. */
import { watch } from 'vue';
import { rows } from '../inbox/list.ts';
import { mark } from '../inbox/marks.ts';
import { closeOpen } from '../inbox/targets.ts';
import { connection } from '../shared/overview.ts';
import { account, messageId, tab } from '../shared/place.ts';
import { closeMessage, detail, failure, openMessage, prefetch } from './open-message.ts';

export function useMessagePane() {
  watch(
    [messageId, account],
    async ([id]) => {
      if (id === '') {
        closeMessage();
        return;
      }
      await openMessage(id, account.value);
      if (messageId.value !== id || detail.value?.id !== id) return;
      if (!detail.value.seen) void mark([detail.value], { seen: true });
      const next = rows.value[rows.value.findIndex((row) => row.id === id) + 1];
      if (next !== undefined) void prefetch(next.id, account.value);
    },
    { immediate: true },
  );
  // A message that could not be loaded during an outage is loaded after the reconnection.
  watch(connection, (now) => {
    if (now === 'live' && failure.value?.gone === false) void openMessage(messageId.value, account.value);
  });
  return { messageId, detail, failure, tab, close: closeOpen };
}
