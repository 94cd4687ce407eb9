/**
 * Finds the captured messages of a provider's API. A call finds only the messages that were sent with the same API key.
 */
import type { ProviderName } from '../../contract/names.ts';
import type { ProviderFacts } from '../message/envelope.ts';
import type { StoredMessage } from '../store/store.ts';
import { Failed } from './answer.ts';
import { maskKey } from './keys.ts';
import type { Call, ProviderDeps } from './provider.ts';

/** A message that was sent by a provider's API. */
export interface SentMessage {
  readonly message: StoredMessage;
  readonly facts: ProviderFacts;
}

/** The number of messages that are read from the store at once. */
const PAGE = 100;

/**
 * Throws if the caller could read mail without a login: any key is accepted, and the UI requires a login.
 *
 * @throws Failed
 */
function checkReading({ hasLogin, keys }: ProviderDeps): void {
  if (!hasLogin || keys.listed) return;
  throw new Failed('host', 'With --web-auth, mail can be read by this API only if --provider-key is set');
}

interface SentQuery {
  readonly provider: ProviderName;
  /** A part of the Message-IDs of the provider's messages, for example the domain. */
  readonly messageId: string;
}

/** Yields the messages that were sent with the key of a call, the newest first. */
export async function* sentMessages(
  deps: ProviderDeps,
  call: Call,
  { provider, messageId }: SentQuery,
): AsyncGenerator<SentMessage> {
  checkReading(deps);
  const { messages } = deps.store;
  const query = { kind: 'text', field: 'messageid', value: messageId } as const;
  let cursor: string | null = null;
  do {
    const page = await messages.list({ query, limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    for (const { summary } of page.messages) {
      const message = await messages.get(summary.id);
      const facts = message?.origin.provider;
      const isOwn =
        facts?.name === provider &&
        facts.apiKey === maskKey(call.key) &&
        message?.origin.user === call.holder.user;
      if (message !== undefined && facts !== undefined && isOwn) yield { message, facts };
    }
    cursor = page.next;
  } while (cursor !== null);
}

/**
 * Returns the first message with the provider's id; `undefined` if no such message was sent with the key of the call.
 */
export async function sentMessage(
  deps: ProviderDeps,
  call: Call,
  { provider, id }: { readonly provider: ProviderName; readonly id: string },
): Promise<SentMessage | undefined> {
  for await (const sent of sentMessages(deps, call, { provider, messageId: id }))
    if (sent.facts.id === id) return sent;
  return undefined;
}
