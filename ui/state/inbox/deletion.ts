/**
 * Deletes messages with undo: the list and the server remove the messages at once, and the server keeps them for a
 * minute, so that a notice can offer to restore them.
 */
import type { Summary } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { clear, putBack, reload, scope, takeOut } from './list.ts';
import { asTheyAre } from './bulk-query.ts';
import { eachOf } from '../shared/each-of.ts';
import { notify } from '../shared/toasts.ts';

/** The time for which the server keeps deleted messages, in seconds. */
const KEPT = 60;

/** Restores deleted messages; the event stream adds them to the list. */
async function restore(tokens: readonly string[]): Promise<void> {
  try {
    await eachOf(tokens, (token) => client.undo(token));
  } catch (error) {
    notify(s.list.undoFailed(wordsOf(error)), { tone: 'danger' });
  }
}

/** Deletes messages from the account of the open list. */
export function remove(messages: readonly Summary[]): void {
  const account = scope.value?.account;
  if (account === undefined || messages.length === 0) return;
  takeOut(messages);
  const tokens: string[] = [];
  const deletion = eachOf(messages, async ({ id }) => {
    const { undo } = await client.removeFor(id, { account, undo: KEPT });
    if (undo != null) tokens.push(undo);
  });
  const close = notify(s.list.deleted(messages.length), {
    action: { label: s.undo, run: () => void deletion.then(() => restore(tokens)) },
  });
  deletion.catch((error: unknown) => {
    close();
    notify(s.list.deleteFailed(wordsOf(error)), { tone: 'danger' });
    if (scope.value?.account === account) putBack(messages);
    void reload();
  });
}

/** Deletes all messages of the account and query of the open list, excluding messages that arrive later. */
export async function removeAll(): Promise<void> {
  const doomed = asTheyAre();
  if (doomed === null) return;
  clear();
  try {
    const { count, undo } = await client.removeMatching({ ...doomed, undo: KEPT });
    notify(
      undo == null ? s.list.deletedForGood(count) : s.list.deleted(count),
      undo == null ? {} : { action: { label: s.undo, run: () => void restore([undo]) } },
    );
  } catch (error) {
    notify(s.list.deleteFailed(wordsOf(error)), { tone: 'danger' });
    await reload();
  }
}
