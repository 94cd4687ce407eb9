/**
 * Converts the marks (seen, flagged, tags) of an API call to the changes of flags and tags in the store, in the same
 * way for calls with one message and with many messages.
 */
import type { Marks as RequestedMarks } from '../../contract/index.ts';
import type { AccountName } from '../store/ids.ts';
import type { Marks, Store } from '../store/store.ts';

/**
 * Returns the marks for messages of the account's INBOX. The store only adds and removes tags; `tags`, which replaces
 * all tags, therefore removes every other tag that a message of the INBOX has.
 */
export async function storeMarks(
  { messages }: Pick<Store, 'messages'>,
  account: AccountName,
  { tags, addTags = [], removeTags = [], ...flags }: RequestedMarks,
): Promise<Marks> {
  const added = [...new Set([...(tags ?? []), ...addTags])];
  const others = tags === undefined ? [] : (await messages.tags(account)).map(({ tag }) => tag);
  const removed = [...new Set([...others.filter((tag) => !added.includes(tag)), ...removeTags])];
  return {
    ...flags,
    ...(added.length === 0 ? {} : { addTags: added.filter((tag) => !removeTags.includes(tag)) }),
    ...(removed.length === 0 ? {} : { removeTags: removed }),
  };
}
