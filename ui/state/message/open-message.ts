/** The open message, and a cache with the details of the last few messages. */
import { shallowRef } from 'vue';
import type { Detail } from '../../../contract/index.ts';
import { client, RestanteError, wordsOf } from '../../client.ts';

/**
 * The number of messages whose details are cached. It is small, because the details include the decoded
 * bodies.
 */
const KEPT = 12;

export const detail = shallowRef<Detail | null>(null);
export const failure = shallowRef<{ readonly text: string; readonly gone: boolean } | null>(null);

const kept = new Map<string, Detail>();
let wanted = '';

const keyOf = (id: string, account: string): string => `${account}\n${id}`;

function keep(key: string, found: Detail): void {
  kept.delete(key);
  kept.set(key, found);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
}

/**
 * Opens a message. If its details are cached, they are shown at once, until the current details are loaded.
 */
export async function openMessage(id: string, account: string): Promise<void> {
  const key = keyOf(id, account);
  wanted = key;
  failure.value = null;
  const known = kept.get(key);
  if (known !== undefined) detail.value = known;
  else if (detail.value?.id !== id) detail.value = null;
  try {
    const found = await client.message(id, { account });
    keep(key, found);
    if (wanted === key) detail.value = found;
  } catch (error) {
    if (wanted !== key || known !== undefined) return;
    detail.value = null;
    failure.value = {
      text: wordsOf(error),
      gone: error instanceof RestanteError && error.status === 404,
    };
  }
}

export function closeMessage(): void {
  wanted = '';
  detail.value = null;
  failure.value = null;
}

/** Loads the details of the message that the user is likely to open next. */
export async function prefetch(id: string, account: string): Promise<void> {
  const key = keyOf(id, account);
  if (kept.has(key)) return;
  try {
    keep(key, await client.message(id, { account }));
  } catch {
    // An error that occurs while a message is loaded in advance is ignored, because it is reported when the
    // user opens the message.
  }
}

/**
 * Applies marks (seen, flagged, tags) that were changed elsewhere to the open message and to the cached
 * messages.
 */
export function markOpen(id: string, marks: Partial<Pick<Detail, 'seen' | 'flagged' | 'tags'>>): void {
  if (detail.value?.id === id) detail.value = { ...detail.value, ...marks };
  for (const [key, found] of kept) if (found.id === id) kept.set(key, { ...found, ...marks });
}
