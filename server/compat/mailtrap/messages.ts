/** The calls for messages: lists, one message, its read mark, its release and its deletion. */
import { isWholeAddress } from '../../store/find/language/match.ts';
import { isBlank } from '../../store/find/language/pattern.ts';
import type { Query } from '../../store/find/language/ast.ts';
import type { Seq } from '../../store/ids.ts';
import { CallError, jsonAnswer } from '../answer.ts';
import { membersOf, parseMembers, readBody, textIn } from '../body.ts';
import type { Handler } from '../call.ts';
import { listMessages as list } from '../find.ts';
import { RelayRefusal } from '../../relay/relay.ts';
import { findInbox, scopeOf, type Inbox } from './inboxes.ts';
import { findMessage, onlyMessage, presentMessage } from './message.ts';

/** The number of messages of a page. */
const PAGE = 30;

/** Returns the query for a text in the subject, or in the address or name of a recipient. */
const searchFor = (text: string): Query => ({
  kind: 'or',
  terms: [
    { kind: 'text', field: 'subject', value: text },
    // A search for a whole address would match only this address, so the value is changed to match a part of an
    // address.
    { kind: 'address', field: 'to', value: isWholeAddress(text) ? `*${text}*` : text },
  ],
});

function positiveIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  if (text === '') return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CallError(`${name} must be a positive whole number`);
}

const both = (inbox: Inbox, search: string): Inbox =>
  isBlank(search)
    ? inbox
    : {
        ...inbox,
        query: {
          kind: 'and',
          terms: [...(inbox.query === undefined ? [] : [inbox.query]), searchFor(search)],
        },
      };

/** Lists messages, the newest first. With `last_id`, the list begins after the message with this number. */
export const listMessages: Handler = async (deps, call) => {
  const inbox = await findInbox(deps, call);
  const scope = scopeOf(call, both(inbox, (call.query.get('search') ?? '').trim()));
  const last = positiveIn(call.query, 'last_id');
  const page = positiveIn(call.query, 'page') ?? 1;
  const newer =
    last === null
      ? 0
      : (await deps.store.messages.list({ ...scope, after: (last - 1) as Seq, limit: 1 })).total;
  const { messages } = await list(deps.store, { ...scope, offset: newer + (page - 1) * PAGE, limit: PAGE });
  const presented: unknown[] = [];
  for (const listed of messages) presented.push(await presentMessage(deps, call, { inbox, listed }));
  return jsonAnswer(presented);
};

export const getMessage: Handler = async (deps, call) =>
  jsonAnswer(await presentMessage(deps, call, await findMessage(deps, call)));

export const updateMessage: Handler = async (deps, call) => {
  const found = await findMessage(deps, call);
  const message = membersOf(
    parseMembers(await readBody(call.request))['message'],
    'The member message of the body',
  );
  const isRead = message['is_read'];
  if (isRead !== true && isRead !== false && isRead !== '1' && isRead !== '0')
    throw new CallError('message.is_read must be true or false');
  const seen = isRead === true || isRead === '1';
  await deps.store.messages.markMatching(
    { account: call.account, query: onlyMessage(found.listed.summary) },
    { seen },
  );
  return jsonAnswer(await presentMessage(deps, call, { ...found, listed: { ...found.listed, seen } }));
};

export const deleteMessage: Handler = async (deps, call) => {
  const found = await findMessage(deps, call);
  const presented = await presentMessage(deps, call, found);
  await deps.store.messages.remove([found.listed.summary.id], call.account);
  return jsonAnswer(presented);
};

/** Releases a message to an address that the relay allows. */
export const forwardMessage: Handler = async (deps, call) => {
  const { listed } = await findMessage(deps, call);
  const email = textIn(parseMembers(await readBody(call.request)), 'email').trim();
  if (email === '') throw new CallError('email must be the address of the recipient');
  try {
    await deps.relay.release(listed.summary.id, [email]);
  } catch (error) {
    if (error instanceof RelayRefusal) throw new CallError(error.message, 422);
    throw error;
  }
  return jsonAnswer({ message: 'Your email message has been successfully forwarded' });
};
