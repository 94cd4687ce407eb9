/** "Follow newest": opens each message when it arrives, as long as no dialog is open. */
import { useLocalStorage } from '@vueuse/core';
import { watch } from 'vue';
import { isWindowOpen } from '../shared/dialogs.ts';
import { messageId, openMessageAt } from '../shared/place.ts';
import { arrived, rows } from './list.ts';

export const isFollowing = useLocalStorage('restante.follow', false);

export function useFollowing(): void {
  watch(
    () => rows.value[0],
    (first) => {
      if (!isFollowing.value || first === undefined || isWindowOpen()) return;
      if (arrived.value.has(first.id) && first.id !== messageId.value) openMessageAt(first.id);
    },
  );
}
