/** The calls for several messages: lists, summaries, read marks and deletions. */
import { Readable } from 'node:stream';
import { TimeSlice } from '../../async/time-slice.ts';
import type { Query } from '../../store/find/language/ast.ts';
import { isBlank } from '../../store/find/language/pattern.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError, jsonAnswer } from '../answer.ts';
import { readBody } from '../body.ts';
import { countIn, refuseParameters, type Call, type CompatDeps, type Handler } from '../call.ts';
import { findById, listMessages } from '../find.ts';
import { commonOf, readEmail, summaryOf, UNREADABLE } from './email.ts';
import { filtersIn, passes, type Filters } from './filter.ts';

/** The maximum number of summaries in a list, and the number if the call names no limit. */
const MAX_SUMMARIES = 200;
const DEFAULT_SUMMARIES = 50;
/** The maximum size of a request body in octets, as in MailDev. */
const MAX_BODY = 1 << 20;

/** Returns the listed messages in the order that a call requests: the oldest first, unless it requests `desc`. */
async function ordered({ store }: CompatDeps, { account, query }: Call): Promise<readonly ListedMessage[]> {
  const { messages } = await listMessages(store, { account, offset: 0, limit: Infinity });
  return query.get('sort') === 'desc' ? messages : messages.toReversed();
}

/** Returns the email objects of the messages that pass the filters, as pieces of a JSON array. */
async function* arrayOf(
  deps: CompatDeps,
  messages: readonly ListedMessage[],
  filters: Filters,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): AsyncGenerator<string> {
  const slice = new TimeSlice();
  // Most filters test members of the message summary. Only messages that pass these filters are read.
  const early = filters.filter(([[name = '']]) => name in COMMON);
  let passed = 0;
  let separator = '[';
  for (const listed of messages) {
    if (passed >= skip + limit) break;
    if (slice.over) await slice.rest();
    if (!passes(commonOf(listed), early)) continue;
    // A message before the requested page is read only if a filter needs its content.
    if (early.length === filters.length && passed < skip) {
      passed++;
      continue;
    }
    const email = await readEmail(deps, listed, UNREADABLE);
    if (email === undefined || !passes(email, filters)) continue;
    if (passed++ < skip) continue;
    yield `${separator}${JSON.stringify(email)}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/** The names of the members that the summary of every message has. */
const COMMON = { id: 1, time: 1, read: 1, subject: 1, size: 1, sizeHuman: 1, from: 1, to: 1 };

export const listEmails: Handler = async (deps, call) => {
  const range = { skip: countIn(call, 'skip', 0), limit: countIn(call, 'limit', Infinity) };
  const pieces = arrayOf(deps, await ordered(deps, call), filtersIn(call.query), range);
  return { type: 'application/json; charset=utf-8', body: Readable.from(pieces) };
};

/** Returns the query of a call for summaries. MailDev searches a text in the subject, the addresses and the text. */
function summaryQuery({ query }: Call): Query | null {
  const search = (query.get('search') ?? '').trim();
  const terms: Query[] = [];
  if (!isBlank(search)) terms.push({ kind: 'words', value: search });
  if (query.get('unread') === 'true') terms.push({ kind: 'is', what: 'unread' });
  return terms.length === 0 ? null : { kind: 'and', terms };
}

export const listSummaries: Handler = async ({ store }, call) => {
  const { account } = call;
  const skip = countIn(call, 'skip', 0);
  const limit = Math.min(countIn(call, 'limit', 0) || DEFAULT_SUMMARIES, MAX_SUMMARIES);
  const query = summaryQuery(call);
  const info = await store.accounts.get(account);
  const scope = { account, ...(query === null ? {} : { query }) };
  const { total } = await store.messages.list({ ...scope, limit: 1, exactTotal: true });
  const isAscending = call.query.get('sort') === 'asc';
  // The oldest messages are at the end of the list.
  const offset = isAscending ? Math.max(0, total - skip - limit) : skip;
  const count = isAscending ? Math.min(limit, Math.max(0, total - skip)) : limit;
  const { messages } = await listMessages(store, { ...scope, offset, limit: count });
  const items = messages.map(summaryOf);
  return jsonAnswer({
    items: isAscending ? items.toReversed() : items,
    total,
    storeTotal: info?.messages ?? 0,
    unread: info?.unread ?? 0,
    skip,
    limit,
  });
};

export const deleteAll: Handler = async ({ store }, call) => {
  refuseParameters(call);
  const body = (await readBody(call.request, MAX_BODY, 413)).toString('utf8').trim();
  if (!/^(?:\{\s*\})?$/.test(body))
    throw new CallError(
      'This call deletes all emails and reads no body. Nothing was deleted; to delete certain emails, send ' +
        'their ids with POST to email/delete',
    );
  await store.messages.removeMatching({ account: call.account });
  return jsonAnswer(true);
};

const NO_IDS = 'Request body must include an ids array of email IDs';

function idsIn(body: Buffer): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new CallError(NO_IDS);
  }
  const { ids } = (value ?? {}) as { readonly ids?: unknown };
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string' && id.trim() !== ''))
    throw new CallError(NO_IDS);
  return [...new Set(ids as readonly string[])];
}

export const deleteSome: Handler = async ({ store }, { account, request }) => {
  const ids = idsIn(await readBody(request, MAX_BODY, 413));
  const deleted: string[] = [];
  const notFound: string[] = [];
  for (const id of ids) {
    const listed = await findById({ store }, account, id);
    if (listed === undefined) notFound.push(id);
    else {
      await store.messages.remove([listed.summary.id], account);
      deleted.push(id);
    }
  }
  return jsonAnswer({ deleted, notFound });
};

export const readAll: Handler = async ({ store }, { account }) => {
  const query = { kind: 'is', what: 'unread' } as const;
  return jsonAnswer(await store.messages.markMatching({ account, query }, { seen: true }));
};
