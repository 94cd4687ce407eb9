/** The open connections, polled while the server view is open. */
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core';
import { shallowRef } from 'vue';
import type { LiveConnection, Refusal } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';

/** Milliseconds between two requests for the open connections. */
const LOOK = 1000;
/** Number of refused sessions shown. */
const REFUSED = 10;

/** Polls the connections while the calling component exists; they are null until the first response. */
export function useConnections() {
  const connections = shallowRef<readonly LiveConnection[] | null>(null);
  const refused = shallowRef<readonly Refusal[]>([]);
  const failure = shallowRef('');
  const visibility = useDocumentVisibility();
  let waiting = false;

  async function look(): Promise<void> {
    if (waiting || visibility.value === 'hidden') return;
    waiting = true;
    try {
      const [open, sessions] = await Promise.all([client.connections(), client.sessions()]);
      connections.value = open.connections;
      refused.value = sessions.refused.slice(-REFUSED).reverse();
      failure.value = '';
    } catch (error) {
      failure.value = wordsOf(error);
    } finally {
      waiting = false;
    }
  }
  void look();
  useIntervalFn(() => void look(), LOOK);
  return { connections, refused, failure };
}
