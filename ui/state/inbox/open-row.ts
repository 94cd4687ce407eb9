/** The row of the open message is in sight: when another one is opened, and when the page was opened on one. */
import { watch } from 'vue';
import { loadDownTo, rows, scope, status } from './list.ts';
import { detail } from '../message/open-message.ts';
import { messageId } from '../shared/place.ts';

/** `show` brings a row into sight: where it is nearest, or in the middle when the reader has seen nothing as yet. */
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
  // Another search begins at its top, wherever the open message stands in it.
  watch(scope, (next, before) => {
    if (next?.account === before?.account) shown = messageId.value;
  });
}
