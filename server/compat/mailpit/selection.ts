/** Reads the searches of Mailpit's calls, and finds the message that a call names. */
import type { MessageId } from '../../store/ids.ts';
import type { Query } from '../../store/find/language/ast.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError } from '../answer.ts';
import type { Call, CompatDeps } from '../call.ts';
import { noMessage, notFound } from './errors.ts';
import { parseSearch } from './search.ts';

/**
 * Parses the search of a call. If `strict`, throws for a search with parts that have no effect: without them, the
 * call would change more messages than the caller intended.
 */
export function searchOf({ logger }: CompatDeps, call: Call, search: string, strict = false): Query {
  const zone = call.query.get('tz') ?? undefined;
  const { query, ignored } = parseSearch(search, { zone });
  if (ignored.length === 0) return query;
  const reasons = ignored.join('; ');
  if (strict)
    throw new CallError(
      `The search cannot be used to change messages: ${reasons}. Nothing was changed; correct the search`,
    );
  logger.warn({ search }, `mailpit: a part of a search is ignored: ${reasons}`);
  return query;
}

/** Returns the search in the query string. Throws if it is blank. */
export function requiredSearch(call: Call): string {
  const search = (call.query.get('query') ?? '').trim();
  if (search === '') throw new CallError('Error: no search query');
  return search;
}

/** Returns the message that the path names by its id, or by `latest` and a search. */
export async function findMessage(deps: CompatDeps, call: Call): Promise<ListedMessage> {
  const { store } = deps;
  const { account, params } = call;
  const id = params['id'] ?? '';
  if (id !== 'latest') {
    const listed = await store.messages.listed(id as MessageId, account);
    if (listed === undefined) throw notFound();
    return listed;
  }
  const search = (call.query.get('query') ?? '').trim();
  const scope = search === '' ? {} : { query: searchOf(deps, call, search) };
  const { messages } = await store.messages.list({ account, ...scope, limit: 1 });
  if (messages[0] === undefined) throw noMessage();
  return messages[0];
}
