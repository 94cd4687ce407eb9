/** The calls for several messages: lists, searches, read marks and deletions. */
import { TimeSlice } from '../../async/time-slice.ts';
import type { MessageId, Seq } from '../../store/ids.ts';
import type { AccountName } from '../../store/ids.ts';
import type { Query } from '../../store/find/language/ast.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, CallError, jsonAnswer } from '../answer.ts';
import { parseMembers, readBody, refuseOthers, textIn, textsIn } from '../body.ts';
import { countIn, refuseParameters, type Call, type CompatDeps, type Handler } from '../call.ts';
import { listMessages as listInPages, type Listing } from '../find.ts';
import { requiredSearch, searchOf } from './selection.ts';
import { OK } from './errors.ts';
import { readDate } from './dates.ts';
import { summaryOf } from './summary.ts';

const DEFAULT_LIMIT = 50;

/** Returns the query for the parameter `before`; `null` if it is absent or not a date. */
function beforeIn({ query }: Call): Query | null {
  const text = query.get('before') ?? '';
  const at = text === '' ? null : readDate(text);
  return at === null ? null : { kind: 'before', at };
}

/**
 * The listed messages as a JSON array and their number (`count`), and the numbers of all matching messages and of the
 * unread messages among them.
 */
interface Listed {
  readonly array: string;
  readonly count: number;
  readonly total: number;
  readonly unread: number;
}

/** Lists messages as JSON, in time slices, so that a long list does not block the event loop. */
async function listAll(store: Store, listing: Listing): Promise<Listed> {
  const { messages, total, unread } = await listInPages(store, listing);
  const slice = new TimeSlice();
  const texts: string[] = [];
  for (const message of messages) {
    texts.push(JSON.stringify(summaryOf(message)));
    if (slice.over) await slice.rest();
  }
  return { array: `[${texts.join(',')}]`, count: texts.length, total, unread };
}

/**
 * Returns a function that lists the names of the tags in an account. The names are read again only after a
 * change of the store, or for another account.
 */
function createTagNames(store: Store): (account: AccountName) => Promise<readonly string[]> {
  let known:
    { readonly account: AccountName; readonly seq: Seq; readonly names: readonly string[] } | undefined;
  return async (account) => {
    const { seq } = store.changes;
    if (known?.account !== account || known.seq !== seq) {
      const names = (await store.messages.tags(account)).map(({ tag }) => tag);
      known = { account, seq, names };
    }
    return known.names;
  };
}

const tagNamesOf = new WeakMap<Store, ReturnType<typeof createTagNames>>();

function tagNames(store: Store, account: AccountName): Promise<readonly string[]> {
  const names = tagNamesOf.get(store) ?? createTagNames(store);
  tagNamesOf.set(store, names);
  return names(account);
}

async function listAnswer(
  { store }: CompatDeps,
  { account }: Call,
  start: number,
  listed: Listed,
  counts: 'matching' | 'all',
): Promise<Answer> {
  const info = await store.accounts.get(account);
  const total = info?.messages ?? 0;
  const unread = info?.unread ?? 0;
  const envelope = {
    total,
    unread,
    count: listed.count,
    messages_count: counts === 'matching' ? listed.total : total,
    messages_unread: counts === 'matching' ? listed.unread : unread,
    start,
    tags: await tagNames(store, account),
  };
  const json = `${JSON.stringify(envelope).slice(0, -1)},"messages":${listed.array}}`;
  return { type: 'application/json', body: json };
}

export const listMessages: Handler = async (deps, call) => {
  const start = countIn(call, 'start', 0);
  const limit = countIn(call, 'limit', DEFAULT_LIMIT);
  const before = beforeIn(call);
  const listed = await listAll(deps.store, {
    account: call.account,
    ...(before === null ? {} : { query: before }),
    // The limit 0 lists all messages, and then Mailpit ignores `start`.
    limit: limit === 0 ? Infinity : limit,
    offset: limit === 0 ? 0 : start,
  });
  return listAnswer(deps, call, start, listed, 'all');
};

export const searchMessages: Handler = async (deps, call) => {
  const search = searchOf(deps, call, requiredSearch(call));
  const start = countIn(call, 'start', 0);
  const limit = countIn(call, 'limit', DEFAULT_LIMIT);
  const before = beforeIn(call);
  const query: Query = before === null ? search : { kind: 'and', terms: [search, before] };
  // In a search, the limit 0 lists no messages.
  const listed = await listAll(deps.store, { account: call.account, query, limit, offset: start });
  return listAnswer(deps, call, start, listed, 'matching');
};

/** Returns the query for messages with certain ids; unknown ids have no effect. */
const withIds = (ids: readonly string[]): Query => ({
  kind: 'or',
  terms: ids.map((value) => ({ kind: 'text', field: 'id', value })),
});

export const setRead: Handler = async (deps, call) => {
  const { store } = deps;
  const members = parseMembers(await readBody(call.request));
  refuseOthers(members, ['Read', 'IDs', 'Search']);
  const ids = textsIn(members, 'IDs');
  const search = textIn(members, 'Search');
  const seen = members['read'] ?? false;
  if (typeof seen !== 'boolean') throw new CallError('Read must be true or false');
  if (ids.length > 0 && search !== '')
    throw new CallError('You may specify either IDs or a search query, not both');
  const { account } = call;
  if (search !== '') {
    await store.messages.markMatching({ account, query: searchOf(deps, call, search, true) }, { seen });
  } else if (ids.length === 0) await store.messages.markMatching({ account }, { seen });
  else await store.messages.markMatching({ account, query: withIds(ids) }, { seen });
  return OK;
};

/**
 * Returns whether the response to a deletion has no body, like the response of MailHog, which has the same call.
 * Clients of Mailpit read only the status or also the body `ok`; the package `mailhog` for Node fails if there is a
 * body that is not JSON. At the root, a client that sends neither Accept nor User-Agent, as that package does, gets a
 * response without a body. Below `/mailpit`, and if the server takes the place of Mailpit, every client gets `ok`.
 */
const isLikeMailhog = ({ basePath, as }: CompatDeps, { root, request: { headers } }: Call): boolean =>
  root === basePath &&
  as !== 'mailpit' &&
  headers.accept === undefined &&
  headers['user-agent'] === undefined;

export const deleteMessages: Handler = async (deps, call) => {
  const { store } = deps;
  const { account, request } = call;
  const body = await readBody(request);
  const members = body.toString('utf8').trim() === '' ? {} : parseMembers(body);
  // An object without `IDs` deletes all messages, so a misspelt `IDs` is refused.
  refuseOthers(members, ['IDs']);
  const ids = textsIn(members, 'IDs');
  if (ids.length === 0) {
    refuseParameters(call);
    await store.messages.removeMatching({ account });
  } else await store.messages.remove(ids as readonly MessageId[], account);
  return isLikeMailhog(deps, call) ? { ...OK, body: '' } : OK;
};

export const deleteSearch: Handler = async (deps, call) => {
  const query = searchOf(deps, call, requiredSearch(call), true);
  await deps.store.messages.removeMatching({ account: call.account, query });
  return OK;
};

export const listTags: Handler = async ({ store }, { account }) => jsonAnswer(await tagNames(store, account));
