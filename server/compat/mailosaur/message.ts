/** Converts messages to Mailosaur's messages and summaries. */
import type { MailAddress } from '../../message/address.ts';
import type { ListedMessage, MessageSummary } from '../../store/store.ts';
import type { Call, CompatDeps } from '../call.ts';
import { findById } from '../find.ts';
import { contentJob, type MailosaurContent } from './content.ts';
import { notFound } from './errors.ts';
import { serverOf } from './servers.ts';

const addressOf = ({ name, address }: MailAddress) => ({ name, email: address, phone: null });

/** Returns the id of the server whose addresses received or sent a message; an empty text if there is none. */
const serverOfMessage = ({ envelope, from }: MessageSummary): string =>
  [...envelope.to, envelope.from, ...from.map(({ address }) => address)]
    .map(serverOf)
    .find((id) => id !== null) ?? '';

const commonOf = (summary: MessageSummary) => ({
  id: summary.id,
  type: 'Email',
  from: summary.from.map(addressOf),
  to: summary.to.map(addressOf),
  cc: summary.cc.map(addressOf),
  bcc: summary.bcc.map(addressOf),
  received: new Date(summary.receivedAt).toISOString(),
  subject: summary.subject,
});

/** @param server the server whose messages are listed */
export const summaryOf = ({ summary }: ListedMessage, server: string) => ({
  ...commonOf(summary),
  server,
  summary: summary.preview,
  attachments: summary.attachments,
});

export async function findMessage(deps: CompatDeps, { account }: Call, id: string): Promise<ListedMessage> {
  const listed = await findById(deps, account, id);
  if (listed === undefined) throw notFound();
  return listed;
}

/** Reads the content of a message. Throws a `ProblemError` for a message that cannot be read. */
export async function readMailosaurContent(
  { reading }: Pick<CompatDeps, 'reading'>,
  summary: MessageSummary,
): Promise<MailosaurContent> {
  const json = await reading.read(contentJob, summary, {});
  return JSON.parse(new TextDecoder().decode(json)) as MailosaurContent;
}

/** Returns the message object of a stored message. */
export async function readMessage(
  deps: CompatDeps,
  { request, root }: Call,
  { summary }: ListedMessage,
): Promise<object> {
  const stored = await deps.store.messages.get(summary.id);
  if (stored === undefined) throw notFound();
  const { html, text, attachments, headers } = await readMailosaurContent(deps, summary);
  const files = `${request.protocol}://${request.headers.host ?? ''}${root}api/files/attachments/`;
  return {
    ...commonOf(summary),
    html,
    text,
    attachments: attachments.map(({ part, ...attachment }) => {
      const id = `${summary.id}-${part}`;
      return { id, ...attachment, url: `${files}${id}` };
    }),
    metadata: {
      headers,
      ehlo: stored.origin.helo ?? '',
      mailFrom: summary.envelope.from,
      rcptTo: summary.envelope.to.map((address) => addressOf({ name: '', address })),
    },
    server: serverOfMessage(summary),
  };
}
