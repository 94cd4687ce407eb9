/** The calls for several messages: lists, searches and deletion. */
import { Readable } from 'node:stream';
import { TimeSlice } from '../../async/time-slice.ts';
import { isWholeAddress } from '../../store/find/language/match.ts';
import { isBlank } from '../../store/find/language/pattern.ts';
import type { Query } from '../../store/find/language/ast.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError, type Answer } from '../answer.ts';
import { readBody } from '../body.ts';
import { countIn, refuseParameters, type Call, type CompatDeps, type Handler } from '../call.ts';
import { listMessages } from '../find.ts';
import { readMessage, UNREADABLE } from './message.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
/** The maximum number of messages in a list of version 1 of the API. */
const MAX_LIST = 1000;

/** Returns the message objects as pieces of a JSON array. */
async function* arrayOf(deps: CompatDeps, messages: readonly ListedMessage[]): AsyncGenerator<string> {
  const slice = new TimeSlice();
  let separator = '[';
  for (const listed of messages) {
    if (slice.over) await slice.rest();
    const message = await readMessage(deps, listed, UNREADABLE);
    if (message === undefined) continue;
    yield `${separator}${JSON.stringify(message)}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

async function* pageOf(
  deps: CompatDeps,
  envelope: { readonly total: number; readonly count: number; readonly start: number },
  messages: readonly ListedMessage[],
): AsyncGenerator<string> {
  yield `${JSON.stringify(envelope).slice(0, -1)},"items":`;
  yield* arrayOf(deps, messages);
  yield '}';
}

async function answerPage(deps: CompatDeps, call: Call, type: string, query?: Query): Promise<Answer> {
  const start = countIn(call, 'start', 0);
  const limit = Math.min(countIn(call, 'limit', 0) || DEFAULT_LIMIT, MAX_LIMIT);
  const scope = { account: call.account, ...(query === undefined ? {} : { query }) };
  const { messages, total } = await listMessages(deps.store, { ...scope, offset: start, limit });
  return {
    type,
    body: Readable.from(pageOf(deps, { total, count: messages.length, start }, messages)),
  };
}

export const listPage: Handler = (deps, call) => answerPage(deps, call, 'text/json');

export const listAll: Handler = async (deps, { account }) => {
  const { messages } = await listMessages(deps.store, { account, offset: 0, limit: MAX_LIST });
  return { type: 'text/json', body: Readable.from(arrayOf(deps, messages)) };
};

/** Returns a query for the messages in which an address or a name in the given field contains a text. */
function addressQuery(field: 'from' | 'to', text: string): Query {
  // A value that is a whole address would match only this address; MailHog also finds longer addresses.
  const value = isWholeAddress(text) ? `*${text}*` : text;
  const terms: Query[] = [{ kind: 'address', field, value }];
  // The query field `to` also searches the recipients of the envelope, as in MailHog.
  if (field === 'to') terms.push({ kind: 'address', field: 'rcpt', value });
  return { kind: 'or', terms: [...terms, { kind: 'header', name: field, value: text }] };
}

/** Returns the query that finds messages with a text in their header or in their bodies. */
const contentQuery = (value: string): Query => ({
  kind: 'or',
  terms: [
    { kind: 'words', value },
    { kind: 'text', field: 'body', value },
  ],
});

export const searchPage: Handler = async (deps, call) => {
  const kind = call.query.get('kind') ?? '';
  const text = call.query.get('query') ?? '';
  if (!/^(?:from|to|containing)$/.test(kind))
    throw new CallError('The parameter kind must be from, to or containing');
  if (isBlank(text)) throw new CallError('The parameter query has no text to search for');
  const query = kind === 'containing' ? contentQuery(text) : addressQuery(kind as 'from' | 'to', text);
  return answerPage(deps, call, 'application/json', query);
};

export const deleteAll: Handler = async ({ store }, call) => {
  refuseParameters(call);
  if ((await readBody(call.request)).toString('utf8').trim() !== '')
    throw new CallError(
      'This call deletes all messages and reads no body. Nothing was deleted; to delete one message, put its id ' +
        'into the path',
    );
  await store.messages.removeMatching({ account: call.account });
  return { type: 'text/json', body: '' };
};
