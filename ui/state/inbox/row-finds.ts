/**
 * The code and the main link of the messages in sight, so that they can be copied without opening the message. They are
 * loaded one message at a time, the newest row first.
 */
import { shallowRef, triggerRef, watch, type ComputedRef } from 'vue';
import type { Summary } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { mainCode, mainLinks } from '../../model/message/finds.ts';

export interface RowFinds {
  readonly code: string;
  readonly link: string;
}

/** The maximum size of a message whose finds are loaded, in octets: the response contains the bodies. */
const LARGEST = 300_000;
/** The number of messages whose finds are kept. */
const KEPT = 500;
/** The time that rows must stay in sight before their finds are loaded, in milliseconds. */
const STAYS = 400;

/** The finds by the id of the message; empty for a message without any. */
export const rowFinds = shallowRef(new Map<string, RowFinds>());
const NONE: RowFinds = { code: '', link: '' };

let wanted: readonly Summary[] = [];
let isLoading = false;

function keep(id: string, finds: RowFinds): void {
  rowFinds.value.set(id, finds);
  for (const oldest of rowFinds.value.keys()) {
    if (rowFinds.value.size <= KEPT) break;
    rowFinds.value.delete(oldest);
  }
  if (finds !== NONE) triggerRef(rowFinds);
}

/** Loads the finds of the rows in sight, one after another, until all of them are loaded. */
async function load(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  for (;;) {
    const next = wanted.find(({ id, size }) => size <= LARGEST && !rowFinds.value.has(id));
    if (next === undefined) break;
    try {
      const message = await client.message(next.id);
      const [link] = mainLinks(message);
      keep(next.id, { code: mainCode(message)?.value ?? '', link: link?.href ?? '' });
    } catch {
      // The message was deleted, or the server cannot be reached: the row shows no code.
      keep(next.id, NONE);
    }
  }
  isLoading = false;
}

/** Loads the finds of rows that stay in sight. */
export function useRowFinds(inSight: ComputedRef<readonly Summary[]>): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  watch(
    inSight,
    (rows) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        wanted = rows;
        void load();
      }, STAYS);
    },
    { immediate: true },
  );
}
