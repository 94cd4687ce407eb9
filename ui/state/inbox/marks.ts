/**
 * Changes the marks of messages (seen, flagged, tags). Marks are applied at once, and reverted if the server
 * refuses them; changes of many messages can be undone.
 */
import type { Marks, Summary } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { isTotalAtLeast, markLocally, reload, restoreLocally, rows, scope, total, unread } from './list.ts';
import { markOpen } from '../message/open-message.ts';
import { asTheyAre } from './bulk-query.ts';
import { notify } from '../shared/toasts.ts';
import { defer, offerUndo } from '../shared/undo.ts';
import { eachOf } from '../shared/each-of.ts';

type Marked = Pick<Summary, 'id'>;

/**
 * Changes the marks of messages in the account of the open list; `of` returns the new marks of each message.
 */
async function markEach<T extends Marked>(messages: readonly T[], of: (message: T) => Marks): Promise<void> {
  const account = scope.value?.account;
  if (account === undefined || messages.length === 0) return;
  for (const message of messages) markOpen(message.id, of(message));
  markLocally(new Map(messages.map((message) => [message.id, of(message)])));
  try {
    await eachOf(messages, (message) => client.mark(message.id, of(message), { account }));
  } catch (error) {
    notify(s.list.markFailed(wordsOf(error)), { tone: 'danger' });
    await reload();
  }
}

export const mark = (messages: readonly Marked[], marks: Marks): Promise<void> =>
  markEach(messages, () => marks);

/** Returns the current values of those properties of a message that the marks would change. */
const before = (message: Summary, marks: Marks): Marks => ({
  ...(marks.seen === undefined ? {} : { seen: message.seen }),
  ...(marks.flagged === undefined ? {} : { flagged: message.flagged }),
  ...(marks.tags === undefined ? {} : { tags: message.tags }),
});

/** Changes the marks of the selected messages, and offers to undo the change. */
export async function markSelected(
  messages: readonly Summary[],
  of: (message: Summary) => Marks,
): Promise<void> {
  offerUndo(
    s.list.marked(messages.length, false),
    () => void markEach(messages, (one) => before(one, of(one))),
  );
  await markEach(messages, of);
}

/** Adds a tag to the given messages; messages that already have the tag are not changed. */
export const addTag = (messages: readonly Summary[], tag: string): Promise<void> =>
  markSelected(
    messages.filter(({ tags }) => !tags.includes(tag)),
    ({ tags }) => ({ tags: [...tags, tag] }),
  );

/**
 * Changes the marks of all messages that are now in the open list. Messages that arrive later are not marked.
 */
export function markAll(marks: Marks): void {
  const meant = asTheyAre();
  if (meant === null) return;
  const was = rows.value;
  const unreadBefore = unread.value;
  const after = ({ tags }: Summary): Marks =>
    marks.addTags === undefined ? marks : { ...marks, tags: [...new Set([...tags, ...marks.addTags])] };
  markLocally(new Map(was.map((row) => [row.id, after(row)])));
  if (marks.seen !== undefined) unread.value = marks.seen ? 0 : total.value;
  defer({
    text: s.list.marked(total.value, isTotalAtLeast.value),
    async commit() {
      await client.markMatching(meant, marks);
      // After the change, some messages may no longer match the query, so the list is loaded again.
      if (scope.value?.query !== '') await reload();
    },
    undo: () => {
      if (scope.value?.account === meant.account) restoreLocally(was, unreadBefore);
    },
    failed: s.list.markFailed,
  });
}
