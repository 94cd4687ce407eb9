/** The other messages of the open message's conversation. */
import { onUnmounted, shallowRef, watch } from 'vue';
import type { Detail, Summary } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { conversationQuery } from '../../model/message/conversation.ts';
import { arrived } from '../inbox/list.ts';
import { account } from '../shared/place.ts';

/** The time that a message must stay open before its conversation is loaded, in milliseconds. */
const STAYS = 250;
/** The maximum number of messages that are shown. */
const SHOWN = 50;

export function useConversation(message: () => Detail) {
  /** The messages of the conversation, the oldest first; empty if the message is alone. */
  const others = shallowRef<readonly Summary[]>([]);
  const query = shallowRef<string | null>(null);
  let waiting: ReturnType<typeof setTimeout> | undefined;

  async function load(id: string, wanted: string): Promise<void> {
    const page = await client.list({ account: account.value, query: wanted, limit: SHOWN }).catch(() => null);
    if (page === null || message().id !== id) return;
    others.value = page.messages.length > 1 ? page.messages.toReversed() : [];
  }
  watch(
    [() => message().id, arrived],
    ([id], [before]) => {
      query.value = conversationQuery(message());
      if (id !== before && !others.value.some((one) => one.id === id)) others.value = [];
      clearTimeout(waiting);
      const { value } = query;
      if (value !== null) waiting = setTimeout(() => void load(id, value), STAYS);
    },
    { immediate: true },
  );
  onUnmounted(() => clearTimeout(waiting));
  return { others, query };
}
