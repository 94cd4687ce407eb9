/**
 * The code and the main link of the messages in sight, so that they can be copied without opening the message.
 */
import { shallowRef, triggerRef, watch, type ComputedRef } from 'vue';
import type { Summary } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { mainCode, mainLinks } from '../../model/message/finds.ts';

export interface RowFinds {
  readonly code: string;
  readonly link: string;
}

/**
 * The maximum size in octets of a message whose code and links are loaded, because the server must parse the message
 * for them.
 */
const LARGEST = 300_000;
/** The maximum number of messages whose code and links are cached. */
const KEPT = 500;
/** The maximum number of messages in one request. */
const AT_ONCE = 50;
/**
 * The time that rows must stay in sight before the code and the links of their messages are loaded, in milliseconds.
 */
const STAYS = 400;

/** The code and the links of messages, by the id of the message; empty for a message without a code and links. */
export const rowFinds = shallowRef(new Map<string, RowFinds>());
const NONE: RowFinds = { code: '', link: '' };

function dropOldest(): void {
  for (const oldest of rowFinds.value.keys()) {
    if (rowFinds.value.size <= KEPT) return;
    rowFinds.value.delete(oldest);
  }
}

/**
 * Loads the code and the links for rows that have none yet. If the server cannot be reached, the next change of the
 * rows tries again.
 */
async function load(rows: readonly Summary[]): Promise<void> {
  const ids = rows.filter(({ id, size }) => size <= LARGEST && !rowFinds.value.has(id)).map(({ id }) => id);
  if (ids.length === 0) return;
  const wanted = ids.slice(0, AT_ONCE);
  const { messages } = await client.codes(wanted);
  for (const id of wanted) rowFinds.value.set(id, NONE);
  for (const message of messages) {
    const [link] = mainLinks(message);
    rowFinds.value.set(message.id, { code: mainCode(message)?.value ?? '', link: link?.href ?? '' });
  }
  dropOldest();
  triggerRef(rowFinds);
}

/** Loads the code and the links for rows that stay in sight. */
export function useRowFinds(inSight: ComputedRef<readonly Summary[]>): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  watch(
    inSight,
    (rows) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        load(rows).catch(() => undefined);
      }, STAYS);
    },
    { immediate: true },
  );
}
