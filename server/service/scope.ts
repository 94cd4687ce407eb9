/** Parses the account, the query and the message id of an API call. */
import { ALL, accountName, type AccountName, type MessageId } from '../store/ids.ts';
import type { Query } from '../store/find/language/ast.ts';
import { parseQuery } from '../store/find/language/parse.ts';
import type { ListedMessage, Store } from '../store/store.ts';
import type { ScopeQuery } from '../../contract/index.ts';
import { notFound } from '../../contract/problems.ts';

export interface Scope {
  readonly account: AccountName;
  readonly query: Query;
}

/** Parses the account and the query of a call. Throws `QueryError` for an invalid query. */
export function readScope({ account, query }: ScopeQuery): Scope {
  return {
    account: account === undefined || account.trim() === '' ? ALL : accountName(account),
    query: parseQuery(query ?? ''),
  };
}

/**
 * Returns the message that a URL path names: by its id, or the latest message of the account and query for
 * `latest`. Throws a problem with status 404 if the message does not exist.
 */
export async function findMessage(store: Store, id: string, asked: ScopeQuery): Promise<ListedMessage> {
  const { account, query } = readScope(asked);
  if (id === 'latest') {
    const { messages } = await store.messages.list({ account, query, limit: 1 });
    if (messages[0] === undefined) throw notFound(`No message in ${account} matches`);
    return messages[0];
  }
  const listed = await store.messages.listed(id as MessageId, account);
  if (listed !== undefined) return listed;
  throw notFound(`There is no message ${id}${account === ALL ? '' : ` in ${account}`}`);
}

export const bytesGone = (id: MessageId) => notFound(`The bytes of message ${id} were deleted`);
