/** Marks on messages: shown at once, told to the server, taken back where it refuses. */
import type { Marks, Summary } from '../../server/api/contract.ts';
import { client, wordsOf } from '../client.ts';
import { strings as s } from '../strings.ts';
import { markLocally, reload, scope } from './list.ts';
import { markOpen } from './message.ts';
import { notify } from './toasts.ts';

type Marked = Pick<Summary, 'id'>;

/** Marks messages in the open list's account. */
export async function mark(messages: readonly Marked[], marks: Marks): Promise<void> {
  const account = scope.value?.account;
  if (account === undefined || messages.length === 0) return;
  markLocally(new Set(messages.map(({ id }) => id)), marks);
  for (const { id } of messages) markOpen(id, marks);
  try {
    await Promise.all(messages.map(({ id }) => client.mark(id, marks, { account })));
  } catch (error) {
    notify(s.list.markFailed(wordsOf(error)), { tone: 'danger' });
    await reload();
  }
}

/** Adds a tag to messages that do not have it. */
export async function addTag(messages: readonly Summary[], tag: string): Promise<void> {
  const lacking = messages.filter(({ tags }) => !tags.includes(tag));
  await Promise.all(lacking.map((message) => mark([message], { tags: [...message.tags, tag] })));
}

/** Marks everything in the open list's scope. */
export async function markAll(marks: Marks): Promise<void> {
  const current = scope.value;
  if (current === null) return;
  const { account, query } = current;
  try {
    const { count } = await client.markMatching(
      query === '' ? { account, all: true } : { account, query },
      marks,
    );
    notify(s.list.marked(count));
  } catch (error) {
    notify(s.list.markFailed(wordsOf(error)), { tone: 'danger' });
  }
  await reload();
}
