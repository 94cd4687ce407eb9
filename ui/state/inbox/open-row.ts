/**
 * Scrolls the list to the row of the open message when another message is opened, and when the page is opened
 * with a message in its URL.
 */
import { watch } from 'vue';
import { loadDownTo, rows, scope, status } from './list.ts';
import { detail } from '../message/open-message.ts';
import { messageId } from '../shared/place.ts';

/**
 * Calls `show` to scroll to the row of the open message. `align` is `auto` to scroll as little as possible,
 * or `center` when the page has just been opened.
 */
export function useOpenRow(show: (index: number, align: 'auto' | 'center') => void): void {
  let shown = '';

  watch(
    [messageId, rows, status, detail],
    ([id, list, state, open], [before]) => {
      if (id === shown || state !== 'ready') return;
      const index = list.findIndex((row) => row.id === id);
      if (index >= 0) {
        show(index, before === undefined || before === id ? 'center' : 'auto');
        shown = id;
      } else if (open?.id === id) void loadDownTo(open.seq);
    },
    { flush: 'post', immediate: true },
  );
  // After a change of the query, the list shows its first row, not the row of the open message.
  watch(scope, (next, before) => {
    if (next?.account === before?.account) shown = messageId.value;
  });
}
