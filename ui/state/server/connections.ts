/** The open connections, polled while the server view is open. */
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core';
import { shallowRef } from 'vue';
import type { LiveConnection, Refusal } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';

/** The time between two requests for the open connections, in milliseconds. */
const LOOK = 1000;
/** The number of refused sessions that are shown. */
const REFUSED = 10;

/**
 * Polls the open connections while the calling component exists; the returned connections are null until the
 * first response.
 */
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
