/** Renders the bodies of `POST /email`, `/email/withTemplate`, `/email/batch` and `/email/batchWithTemplates`. */
import { randomUUID } from 'node:crypto';
import { Refused } from '../answer.ts';
import { composeDraft, isFieldName, type Attachment } from '../compose.ts';
import { Json, MemberError } from '../json.ts';
import { mailboxesIn, type Mailbox } from '../mailbox.ts';
import type { Render, RenderInput, RenderedItem, RenderedMessage, StoredTemplate } from '../render.ts';
import { renderTemplate, TemplateError } from '../template.ts';
import { CODES, invalid, wrongMember } from './errors.ts';

const MAX_RECIPIENTS = 50;
const MAX_BATCH = 500;
/** The domain of the Message-IDs of Postmark's mail. */
export const MESSAGE_ID_DOMAIN = 'mtasv.net';

/** Returns the mailboxes of a list that is separated by commas. */
function mailboxesOf(json: Json): readonly Mailbox[] {
  const text = json.text()?.trim() ?? '';
  if (text === '') return [];
  const found = mailboxesIn(text);
  if (found === null) throw invalid(`Invalid '${json.path}' address: '${text}'.`);
  return found;
}

function senderOf(json: Json): Mailbox {
  const [sender, ...others] = mailboxesOf(json);
  if (sender === undefined || others.length > 0)
    throw invalid(`Invalid 'From' address: '${json.text() ?? ''}'.`);
  return sender;
}

function recipientsOf(json: Json): Record<'to' | 'cc' | 'bcc', readonly Mailbox[]> {
  const found = {
    to: mailboxesOf(json.at('To')),
    cc: mailboxesOf(json.at('Cc')),
    bcc: mailboxesOf(json.at('Bcc')),
  };
  const count = found.to.length + found.cc.length + found.bcc.length;
  if (count === 0) throw invalid('Zero recipients specified');
  if (count > MAX_RECIPIENTS)
    throw invalid(`The number of recipients ${count} exceeds the limit of ${MAX_RECIPIENTS}.`);
  return found;
}

function attachmentOf(json: Json): Attachment {
  const contentId = json.at('ContentID').text()?.replace(/^cid:/i, '') ?? '';
  return {
    filename: json.at('Name').required().text() ?? '',
    content: json.at('Content').required().base64() ?? Buffer.alloc(0),
    type: json.at('ContentType').required().text() ?? '',
    ...(contentId === '' ? {} : { contentId, inline: true }),
  };
}

interface Headers {
  readonly fields: readonly (readonly [string, string])[];
  /** The Message-ID of the application, which Postmark keeps only if the field X-PM-KeepID requests it. */
  readonly messageId: string | undefined;
}

function headersOf(list: Json): Headers {
  const fields = list.items().map((item): readonly [string, string] => {
    const name = item.at('Name').required().text() ?? '';
    if (!isFieldName(name)) throw invalid(`Invalid header name: '${name}'.`);
    return [name, item.at('Value').scalar() ?? ''];
  });
  const valueOf = (wanted: string): string | undefined =>
    fields.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const isKept = valueOf('x-pm-keepid')?.toLowerCase() === 'true';
  return {
    fields: fields.filter(([name]) => !['message-id', 'x-pm-keepid'].includes(name.toLowerCase())),
    messageId: isKept ? valueOf('message-id') : undefined,
  };
}

interface Texts {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

function templateOf(json: Json, templates: RenderInput['templates']): StoredTemplate {
  const id = json.at('TemplateId').scalar();
  const alias = json.at('TemplateAlias').text();
  const found =
    id === undefined
      ? Object.values(templates).find(({ more }) => alias !== undefined && aliasOf(more) === alias)
      : Object.hasOwn(templates, id)
        ? templates[id]
        : undefined;
  if (found !== undefined) return found;
  throw invalid(
    `The Template's 'TemplateId' or 'TemplateAlias' associated with this request is not valid or was not found: ${id ?? alias ?? 'none'}.`,
    CODES.template,
  );
}

/** Returns the alias in the further members of a stored template; `null` for a template without an alias. */
export function aliasOf(more: unknown): string | null {
  return (more as { readonly alias: string | null } | undefined)?.alias ?? null;
}

function fromTemplate(json: Json, templates: RenderInput['templates']): Texts {
  const { subject, text, html } = templateOf(json, templates);
  const model = json.at('TemplateModel').value ?? {};
  try {
    return {
      subject: renderTemplate(subject, model, 'text'),
      ...(text === '' ? {} : { text: renderTemplate(text, model, 'text') }),
      ...(html === '' ? {} : { html: renderTemplate(html, model, 'html') }),
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw invalid(`The template cannot be rendered: ${error.message}`, CODES.template);
  }
}

function textsOf(json: Json): Texts {
  const text = json.at('TextBody').text() ?? '';
  const html = json.at('HtmlBody').text() ?? '';
  if (text === '' && html === '') throw invalid('Provide either email TextBody or HtmlBody or both.');
  return {
    subject: json.at('Subject').text() ?? '',
    ...(text === '' ? {} : { text }),
    ...(html === '' ? {} : { html }),
  };
}

async function messageOf(json: Json, { facts, templates, now }: RenderInput): Promise<RenderedMessage> {
  const from = senderOf(json.at('From'));
  const { to, cc, bcc } = recipientsOf(json);
  const texts = facts['template'] === undefined ? textsOf(json) : fromTemplate(json, templates);
  const { fields, messageId } = headersOf(json.at('Headers'));
  const id = randomUUID();
  const raw = await composeDraft({
    ...{ from, to, cc, ...texts },
    replyTo: mailboxesOf(json.at('ReplyTo')),
    headers: fields,
    attachments: json.at('Attachments').items().map(attachmentOf),
    messageId: messageId ?? `<${id}@${MESSAGE_ID_DOMAIN}>`,
    date: now,
  });
  return {
    ...{ raw, id, request: json.value },
    from: from.address,
    to: [...to, ...cc, ...bcc].map(({ address }) => address),
    ...(facts['test'] === undefined ? {} : { tags: ['sandbox'] }),
  };
}

/** Returns the error of one email of a batch, in the form in which the response contains it; rethrows other errors. */
function errorOf(error: unknown): unknown {
  if (error instanceof Refused) return JSON.parse(error.answer.body) as unknown;
  if (error instanceof MemberError) return JSON.parse(wrongMember(error.path, error.problem).body) as unknown;
  throw error;
}

async function batchOf(emails: readonly Json[], input: RenderInput): Promise<RenderedItem[]> {
  if (emails.length === 0 || emails.length > MAX_BATCH)
    throw invalid(`A batch must have 1 to ${MAX_BATCH} messages, not ${emails.length}.`, CODES.batch);
  const items: RenderedItem[] = [];
  for (const { value } of emails) {
    try {
      // The members of an email in a batch have the same names in errors as the members of a single email.
      items.push({ message: await messageOf(new Json(value), input) });
    } catch (error) {
      items.push({ refusal: errorOf(error) });
    }
  }
  return items;
}

export const render: Render = async (input) => {
  const json = Json.parse(input.body);
  if (input.facts['batch'] === undefined) return { items: [{ message: await messageOf(json, input) }] };
  const emails = input.facts['template'] === undefined ? json.required() : json.at('Messages').required();
  return { items: await batchOf(emails.items(), input) };
};
