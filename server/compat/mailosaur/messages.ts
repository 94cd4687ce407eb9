/** The calls for messages: lists, searches, one message, and deletions. */
import { isBlank } from '../../store/find/language/pattern.ts';
import type { Query } from '../../store/find/language/ast.ts';
import { jsonAnswer, type Answer } from '../answer.ts';
import { parseMembers, readBody, refuseOthers, textIn } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { listMessages as list } from '../find.ts';
import { DONE, FieldError } from './errors.ts';
import { findMessage, readMessage, summaryOf } from './message.ts';
import { receivedBy, sentBy, serverIn } from './servers.ts';

const DEFAULT_ITEMS = 50;
const MAX_ITEMS = 1000;

/**
 * The delays in milliseconds after which a client that waits for a message repeats its search; the last delay is used
 * for all further repetitions. They are shorter than those of Mailosaur, because the server is near.
 */
const DELAYS = '50,50,100,100,250';

function numberIn({ query }: Call, name: string, otherwise: number, least: number, most: number): number {
  const text = query.get(name) ?? '';
  if (text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new FieldError(name, `${name} must be a whole number from ${least} to ${most}`);
}

/** Returns the query for the messages of a server that the parameters of a call select. */
function selectionOf(call: Call, server: string): Query {
  const direction = (call.query.get('dir') ?? '').toLowerCase();
  if (!['', 'received', 'sent'].includes(direction))
    throw new FieldError('dir', 'dir must be Received or Sent');
  const terms: Query[] = [direction === 'sent' ? sentBy(server) : receivedBy(server)];
  const after = call.query.get('receivedAfter') ?? '';
  if (after !== '') {
    const at = Date.parse(after);
    if (Number.isNaN(at))
      throw new FieldError('receivedAfter', 'receivedAfter must be a date, such as 2026-01-31T12:00:00Z');
    terms.push({ kind: 'after', at });
  }
  return { kind: 'and', terms };
}

async function listAnswer({ store }: CompatDeps, call: Call, server: string, query: Query): Promise<Answer> {
  const limit = numberIn(call, 'itemsPerPage', DEFAULT_ITEMS, 1, MAX_ITEMS);
  const offset = numberIn(call, 'page', 0, 0, 1_000_000) * limit;
  const { messages } = await list(store, { account: call.account, query, offset, limit });
  return jsonAnswer({ items: messages.map((listed) => summaryOf(listed, server)) });
}

export const listMessages: Handler = async (deps, call) => {
  const server = serverIn(call);
  return listAnswer(deps, call, server, selectionOf(call, server));
};

const CRITERIA = {
  sentFrom: (value: string): Query => ({ kind: 'address', field: 'from', value }),
  // The field `to` also matches recipients that are only in the envelope.
  sentTo: (value: string): Query => ({ kind: 'address', field: 'to', value }),
  subject: (value: string): Query => ({ kind: 'text', field: 'subject', value }),
  body: (value: string): Query => ({ kind: 'text', field: 'body', value }),
} as const;

/** Returns the query for search criteria; `null` if there are none. Throws for a criterion that does not exist. */
function criteriaIn(body: Buffer): Query | null {
  if (body.length === 0) return null;
  const members = parseMembers(body);
  refuseOthers(members, [...Object.keys(CRITERIA), 'match']);
  const match = textIn(members, 'match').toUpperCase() || 'ALL';
  if (match !== 'ALL' && match !== 'ANY') throw new FieldError('match', 'match must be ALL or ANY');
  const terms = Object.entries(CRITERIA)
    .map(([name, make]) => [textIn(members, name).trim(), make] as const)
    .filter(([value]) => !isBlank(value))
    .map(([value, make]) => make(value));
  if (terms.length === 0) return null;
  return { kind: match === 'ANY' ? 'or' : 'and', terms };
}

/**
 * Searches once: a client repeats a search without a result after the delays that the response contains. The server
 * does not wait, because a client that wants an immediate result sends the same request.
 */
export const searchMessages: Handler = async (deps, call) => {
  const server = serverIn(call);
  const selection = selectionOf(call, server);
  const criteria = criteriaIn(await readBody(call.request));
  const query: Query = criteria === null ? selection : { kind: 'and', terms: [selection, criteria] };
  return { ...(await listAnswer(deps, call, server, query)), headers: { 'x-ms-delay': DELAYS } };
};

export const getMessage: Handler = async (deps, call) => {
  const listed = await findMessage(deps, call, call.params['id'] ?? '');
  return jsonAnswer(await readMessage(deps, call, listed));
};

export const deleteMessage: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call, call.params['id'] ?? '');
  await deps.store.messages.remove([summary.id], call.account);
  return DONE;
};

/** Deletes all messages of a server. A parameter or a body that would be ignored is refused. */
export const deleteAll: Handler = async ({ store }, call) => {
  const server = serverIn(call);
  const others = [...call.query.keys()].filter((name) => name !== 'server' && name !== 'account');
  const body = (await readBody(call.request)).toString('utf8').trim();
  if (others.length > 0 || !/^(?:\{\s*\})?$/.test(body))
    throw new FieldError(
      others[0] ?? 'request',
      'This call deletes all messages of the server; it has no other parameter than server, and no body. Nothing ' +
        'was deleted',
    );
  const query: Query = { kind: 'or', terms: [receivedBy(server), sentBy(server)] };
  await store.messages.removeMatching({ account: call.account, query });
  return DONE;
};
