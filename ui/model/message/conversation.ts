/** Computes the query for the messages of a conversation, which refer to each other (RFC 5322 §3.6.4). */
import type { Detail } from '../../../contract/index.ts';

const idsIn = (value: string): readonly string[] =>
  [...value.matchAll(/<([^<>\s"]+)>/g)].map(([, id = '']) => id);

/**
 * Returns the query for the conversation of a message: the message that began it, and all messages that refer to it.
 * Returns null for a message without a Message-ID and without references.
 */
export function conversationQuery({
  messageId,
  headers,
}: Pick<Detail, 'messageId' | 'headers'>): string | null {
  const valueOf = (name: string): string =>
    headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';
  const first = idsIn(valueOf('references'))[0] ?? idsIn(valueOf('in-reply-to'))[0] ?? messageId ?? '';
  if (first === '' || first.includes('"')) return null;
  // The brackets make the match exact: without them, `1@x.test` would also match `21@x.test`.
  return ['Message-ID', 'References', 'In-Reply-To']
    .map((name) => `header:${name}="<${first}>"`)
    .join(' OR ');
}
