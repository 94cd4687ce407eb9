/**
 * Deletes messages with undo: the list removes the messages at once; `undo.ts` sends the request to the
 * server later.
 */
import type { Summary } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { clear, putBack, reload, scope, takeOut, total } from './list.ts';
import { asTheyAre } from './bulk-query.ts';
import { defer } from '../shared/undo.ts';
import { eachOf } from '../shared/each-of.ts';

/** Deletes messages from the account of the open list. */
export function remove(messages: readonly Summary[]): void {
  const account = scope.value?.account;
  if (account === undefined || messages.length === 0) return;
  takeOut(messages);
  defer({
    text: s.list.deleted(messages.length),
    commit: () => eachOf(messages, ({ id }) => client.remove(id, { account })),
    undo: () => {
      if (scope.value?.account === account) putBack(messages);
    },
    failed: s.list.deleteFailed,
  });
}

/** Deletes all messages of the account and query of the open list, excluding messages that arrive later. */
export function removeAll(): void {
  const doomed = asTheyAre();
  if (doomed === null) return;
  const text = s.list.deleted(total.value);
  clear();
  defer({
    text,
    commit: () => client.removeMatching(doomed),
    undo: () => void reload(),
    failed: s.list.deleteFailed,
  });
}
