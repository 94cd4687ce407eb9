/** Lists, finds and marks messages for the APIs of all tools. */
import { ProblemError } from '../../contract/problems.ts';
import { TimeSlice } from '../async/time-slice.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Query } from '../store/find/language/ast.ts';
import type { ListedMessage, Store } from '../store/store.ts';
import type { CompatDeps } from './call.ts';

/** The number of messages that are listed in one turn of the event loop. */
const AT_ONCE = 500;

export interface Listing {
  readonly account: AccountName;
  readonly query?: Query;
  /** The number of messages that are skipped at the start of the list. */
  readonly offset: number;
  readonly limit: number;
}

export interface Listed {
  readonly messages: readonly ListedMessage[];
  /** The number of all matching messages, and the number of unread messages among them. */
  readonly total: number;
  readonly unread: number;
}

/** Lists messages, the newest first, in pages, so that a long list does not block the event loop. */
export async function listMessages(store: Store, { limit, ...page }: Listing): Promise<Listed> {
  const slice = new TimeSlice();
  const messages: ListedMessage[] = [];
  let cursor: string | null = null;
  let first: { total: number; unread: number } | undefined;
  do {
    const part = await store.messages.list({
      ...page,
      ...(cursor === null ? { exactTotal: true } : { cursor, offset: 0 }),
      limit: Math.min(AT_ONCE, limit - messages.length),
    });
    first ??= part;
    messages.push(...part.messages);
    cursor = part.next;
    if (slice.over) await slice.rest();
  } while (cursor !== null && messages.length < limit);
  return { messages, total: first.total, unread: first.unread };
}

/** Marks a message as read: the tools do so when the content of the message is requested. */
export async function markRead(
  store: Store,
  { summary, seen }: ListedMessage,
  account: AccountName,
): Promise<void> {
  if (seen) return;
  const query = { kind: 'text', field: 'id', value: summary.id } as const;
  await store.messages.markMatching({ account, query }, { seen: true });
}

/** Returns the message with an id in an account. */
export const findById = (
  { store }: { readonly store: Store },
  account: AccountName,
  id: string,
): Promise<ListedMessage | undefined> => store.messages.listed(id as MessageId, account);

/**
 * Returns the content of a message; for a message that cannot be read, writes a warning to the log and returns
 * `otherwise`, so that one message does not prevent the list of all messages.
 *
 * @param otherwise if absent, the error is thrown
 */
export async function contentOr<Content>(
  { logger }: Pick<CompatDeps, 'logger'>,
  content: Promise<Content>,
  otherwise: Content | undefined,
): Promise<Content> {
  try {
    return await content;
  } catch (error) {
    if (otherwise === undefined || !(error instanceof ProblemError)) throw error;
    logger.warn(`A message is listed without its content: ${error.message}`);
    return otherwise;
  }
}
