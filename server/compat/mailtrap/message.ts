/** Finds and reads messages of Mailtrap's inboxes. The number of a message is the number of the change that added it. */
import type { Query } from '../../store/find/language/ast.ts';
import type { Seq } from '../../store/ids.ts';
import type { ListedMessage, MessageSummary } from '../../store/store.ts';
import type { Call, CompatDeps } from '../call.ts';
import { contentOr } from '../find.ts';
import { sizeText } from '../size-text.ts';
import { contentJob, type MailtrapContent } from './content.ts';
import { notFound } from './errors.ts';
import { findInbox, scopeOf, type Inbox } from './inboxes.ts';
import { numberIn } from './records.ts';

interface Found {
  readonly inbox: Inbox;
  readonly listed: ListedMessage;
}

/** Returns the message that the path names, and its inbox. */
export async function findMessage(deps: CompatDeps, call: Call): Promise<Found> {
  const number = numberIn(call.params, 'message');
  const inbox = await findInbox(deps, call);
  const request = { ...scopeOf(call, inbox), after: (number - 1) as Seq, order: 'oldest', limit: 1 } as const;
  const [listed] = (await deps.store.messages.list(request)).messages;
  if (listed?.summary.seq !== number) throw notFound();
  return { inbox, listed };
}

/** Returns the query that selects one message. */
export const onlyMessage = ({ id }: MessageSummary): Query => ({ kind: 'text', field: 'id', value: id });

/** Reads the content of a message. Throws a `ProblemError` for a message that cannot be read. */
export async function readMailtrapContent(
  { reading }: Pick<CompatDeps, 'reading'>,
  summary: MessageSummary,
): Promise<MailtrapContent> {
  return JSON.parse(new TextDecoder().decode(await reading.read(contentJob, summary, {}))) as MailtrapContent;
}

/** The content of a message that cannot be read. */
const UNREADABLE: MailtrapContent = { html: null, text: null, attachments: [], headers: {} };

/** Returns the path of a message on the host of Mailtrap, without the path below which Restante has the API. */
export const pathOf = ({ params }: Call, inbox: Inbox, { seq }: MessageSummary): string =>
  `/api/accounts/${params['owner']}/inboxes/${inbox.id}/messages/${seq}`;

/** Returns the message object. A message that cannot be read has sizes of 0. */
export async function presentMessage(deps: CompatDeps, call: Call, { inbox, listed }: Found) {
  const { summary, seen } = listed;
  const { html, text } = await contentOr(deps, readMailtrapContent(deps, summary), UNREADABLE);
  const stored = await deps.store.messages.get(summary.id);
  const at = new Date(summary.receivedAt).toISOString();
  const path = pathOf(call, inbox, summary);
  const [from] = summary.from;
  const [to] = summary.to;
  const peer = stored?.origin.peer ?? null;
  return {
    id: summary.seq,
    inbox_id: inbox.id,
    subject: summary.subject,
    sent_at: at,
    from_email: from?.address ?? summary.envelope.from,
    from_name: from?.name ?? '',
    to_email: to?.address ?? summary.envelope.to[0] ?? '',
    to_name: to?.name ?? '',
    email_size: summary.size,
    is_read: seen,
    created_at: at,
    updated_at: at,
    html_body_size: Buffer.byteLength(html ?? ''),
    text_body_size: Buffer.byteLength(text ?? ''),
    human_size: sizeText(summary.size),
    html_path: `${path}/body.html`,
    txt_path: `${path}/body.txt`,
    raw_path: `${path}/body.raw`,
    download_path: `${path}/body.eml`,
    html_source_path: `${path}/body.htmlsource`,
    blacklists_report_info: false,
    smtp_information:
      peer === null
        ? { ok: false }
        : {
            ok: true,
            data: { mail_from_addr: summary.envelope.from, client_ip: peer.replace(/:\d+$/, '') },
          },
  };
}
