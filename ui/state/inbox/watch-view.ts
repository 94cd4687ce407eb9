/** The state of the window that watches one address: its newest messages, and the message that it shows. */
import { computed, ref, watch } from 'vue';
import { router } from '../../router.ts';
import { closeMessage, detail, openMessage } from '../message/open-message.ts';
import { account } from '../shared/place.ts';
import { openScope, rows } from './list.ts';

/** The number of messages that the window lists. */
const LISTED = 30;

export function useWatchView() {
  /** The id of the message that the user chose; empty if the window shows the newest message. */
  const picked = ref('');
  const listed = computed(() => rows.value.slice(0, LISTED));
  const newest = computed(() => rows.value[0]?.id ?? '');
  const chosen = computed(() => picked.value || newest.value);

  watch(account, (name) => openScope({ account: name, query: '' }), { immediate: true });
  watch(newest, () => (picked.value = ''));
  watch(
    chosen,
    (id) => {
      if (id === '') closeMessage();
      else void openMessage(id, account.value);
    },
    { immediate: true },
  );
  return { address: account, rows: listed, detail, chosen, choose: (id: string) => (picked.value = id) };
}

/** Opens the window that watches an address. */
export function openWatchWindow(address: string): void {
  const { href } = router.resolve({ name: 'watch', params: { account: address } });
  window.open(href, `watch ${address}`, 'popup,width=440,height=780');
}
