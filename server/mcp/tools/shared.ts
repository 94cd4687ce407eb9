/** The arguments and results that several tools share. */
import Type, { type Static } from 'typebox';
import type { Address, Summary } from '../../../contract/index.ts';
import { presentSummary } from '../../service/present/message.ts';
import { findMessage } from '../../service/scope.ts';
import type { ListedMessage } from '../../store/store.ts';
import type { McpDeps } from '../deps.ts';
import { cleanLine } from '../untrusted.ts';

export const inbox = Type.Optional(Type.String({ description: 'Address; default all' }));
export const query = Type.Optional(Type.String({ description: 'Query language' }));
export const after = Type.Optional(Type.Integer({ minimum: 0, description: 'After this seq' }));
export const id = Type.String({ description: 'Message id or "latest"' });

/** The members that identify a message in a result. All texts are without invisible characters. */
export const Brief = Type.Object({
  id: Type.String(),
  seq: Type.Integer(),
  from: Type.String(),
  to: Type.Array(Type.String()),
  subject: Type.String(),
});
export type Brief = Static<typeof Brief>;

const person = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);

/** The maximum number of characters of the recipients of one message: in a result with one message, and in a list. */
const MAX_RECIPIENTS = 1_000;
const MAX_LISTED_RECIPIENTS = 200;

/** Returns the first recipients, of at most `most` characters in total, and the number of the remaining recipients. */
function recipients(addresses: readonly string[], most: number): string[] {
  let left = most;
  const shown: string[] = [];
  for (const address of addresses) {
    const line = cleanLine(address, 200);
    left -= line.length;
    if (left < 0 && shown.length > 0) return [...shown, `… ${addresses.length - shown.length} more`];
    shown.push(line);
  }
  return shown;
}

/** Returns the short description of a message in a list, which shows fewer recipients. */
export const listedBrief = (summary: Summary): Brief => briefOf(summary, MAX_LISTED_RECIPIENTS);

/** @param most the maximum number of characters of the recipients */
function briefOf({ id: key, seq, from, envelope, subject }: Summary, most: number = MAX_RECIPIENTS): Brief {
  return {
    id: key,
    seq,
    from: cleanLine(from.map(person).join(', ') || envelope.from),
    to: recipients(envelope.to, most),
    subject: cleanLine(subject),
  };
}

export const briefLines = ({ from, to, subject }: Brief): string[] => [
  `From: ${from}`,
  `To: ${to.join(', ')}`,
  `Subject: ${subject}`,
];

/** Returns the message with an id, or the latest message of an inbox. */
export const listedMessage = (
  { store }: McpDeps,
  asked: { readonly id: string; readonly inbox?: string | undefined; readonly query?: string | undefined },
): Promise<ListedMessage> =>
  findMessage(store, asked.id, {
    ...(asked.inbox === undefined ? {} : { account: asked.inbox }),
    ...(asked.query === undefined ? {} : { query: asked.query }),
  });

export const briefOfListed = (listed: ListedMessage): Brief => briefOf(presentSummary(listed));
