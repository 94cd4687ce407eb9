/**
 * Deletion with undo: messages leave the list at once, and the server is told when the time to undo is over, or
 * when the page goes away. So a deletion is never half undone, and a page that crashes has deleted nothing.
 */
import type { Summary } from '../../server/api/contract.ts';
import { client, wordsOf } from '../client.ts';
import { strings as s } from '../strings.ts';
import { clear, putBack, reload, rows, scope, takeOut, total } from './list.ts';
import { notify, TOAST_TIME } from './toasts.ts';

/** Deletions sent to the server at a time. */
const AT_ONCE = 8;

const pending = new Set<() => Promise<void>>();

addEventListener('pagehide', () => {
  for (const commit of [...pending]) void commit();
});

function offerUndo(text: string, commit: () => Promise<void>, undo: () => void): void {
  const run = async (): Promise<void> => {
    if (!pending.delete(run)) return;
    clearTimeout(timer);
    try {
      await commit();
    } catch (error) {
      undo();
      notify(s.list.deleteFailed(wordsOf(error)), { tone: 'danger' });
    }
  };
  const timer = setTimeout(() => void run(), TOAST_TIME);
  pending.add(run);
  notify(text, {
    action: {
      label: s.undo,
      run: () => {
        if (!pending.delete(run)) return;
        clearTimeout(timer);
        undo();
      },
    },
  });
}

/** Deletes messages of the open list from its account. */
export function remove(messages: readonly Summary[]): void {
  const account = scope.value?.account;
  if (account === undefined || messages.length === 0) return;
  takeOut(messages);
  const left = messages.map(({ id }) => id);
  const worker = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await client.remove(id, { account });
  };
  offerUndo(
    s.list.deleted(messages.length),
    async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    },
    () => {
      if (scope.value?.account === account) putBack(messages);
    },
  );
}

/** Deletes everything in the open list's scope that is there now; what arrives meanwhile stays. */
export function removeAll(): void {
  const current = scope.value;
  const newest = rows.value[0];
  if (current === null || newest === undefined) return;
  const until = `before:${new Date(Date.parse(newest.receivedAt) + 1).toISOString()}`;
  const query = current.query === '' ? until : `(${current.query}) ${until}`;
  const text = s.list.deleted(total.value);
  clear();
  offerUndo(
    text,
    async () => {
      await client.removeMatching({ account: current.account, query });
    },
    () => void reload(),
  );
}
