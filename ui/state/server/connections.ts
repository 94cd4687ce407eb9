/** Who is connected, looked at again and again for as long as somebody watches. */
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core';
import { shallowRef } from 'vue';
import type { LiveConnection, Refusal } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';

/** Milliseconds between two looks. */
const LOOK = 1000;
/** Refusals shown. */
const REFUSED = 10;

/** The connections for as long as the caller is there; null before they came. */
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
