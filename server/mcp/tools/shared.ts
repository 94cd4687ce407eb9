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
export const after = Type.Optional(Type.Integer({ minimum: 0, description: 'Only later than this seq' }));
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

/** The maximum number of recipients in a result. */
const MAX_RECIPIENTS = 20;

export function briefOf({ id: key, seq, from, envelope, subject }: Summary): Brief {
  return {
    id: key,
    seq,
    from: cleanLine(from.map(person).join(', ') || envelope.from),
    to: envelope.to.slice(0, MAX_RECIPIENTS).map((address) => cleanLine(address)),
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
