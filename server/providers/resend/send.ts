/** Renders the bodies of `POST /emails` and `POST /emails/batch`. */
import { randomUUID } from 'node:crypto';
import { Refused } from '../answer.ts';
import { composeDraft, isFieldName, type Attachment } from '../compose.ts';
import { Json, MemberError } from '../json.ts';
import { mailboxIn, type Mailbox } from '../mailbox.ts';
import type { Render, RenderedItem, RenderedMessage } from '../render.ts';
import { invalid, wrongMember } from './errors.ts';

const MAX_RECIPIENTS = 50;
const MAX_BATCH = 100;
/** The domain of the Message-IDs: Resend sends by Amazon SES. */
export const MESSAGE_ID_DOMAIN = 'email.amazonses.com';

/** The domains whose addresses Resend refuses as recipients, because they belong to nobody. */
const NOBODY = /@(?:example|test)\.com$/i;

const formOf = (path: string): string =>
  `Invalid \`${path}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`;

function mailboxesOf(json: Json): readonly Mailbox[] {
  const items = json.isList ? json.items() : json.isAbsent ? [] : [json];
  if (items.length > MAX_RECIPIENTS)
    throw invalid(`Invalid \`${json.path}\` field. The maximum number of addresses is ${MAX_RECIPIENTS}.`);
  return items.map((item) => {
    const mailbox = mailboxIn(item.text() ?? '');
    if (mailbox === null) throw invalid(formOf(json.path));
    return mailbox;
  });
}

function recipientsOf(json: Json): readonly Mailbox[] {
  const found = mailboxesOf(json);
  if (found.some(({ address }) => NOBODY.test(address))) {
    throw invalid(
      `Invalid \`${json.path}\` field. Please use our testing email address instead of domains like \`example.com\`.`,
    );
  }
  return found;
}

function senderOf(json: Json): Mailbox {
  const mailbox = mailboxIn(json.required().text() ?? '');
  if (mailbox === null) throw invalid(formOf(json.path), 'invalid_from_address');
  return mailbox;
}

/** Returns the octets of an attachment: Base64, or an array of octets, also in the form that Node's buffers have in JSON. */
function octetsOf(content: Json): Buffer | undefined {
  const list = content.isList ? content : typeof content.value === 'object' ? content.at('data') : null;
  if (list === null || content.isAbsent) return content.base64();
  const octets = list.items().map((item) => item.number() ?? -1);
  if (octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255))
    throw list.wrong('must contain octets');
  return Buffer.from(octets);
}

function attachmentOf(json: Json): Attachment {
  const url = json.at('path').text();
  const content = octetsOf(json.at('content'));
  const filename = json.at('filename').text() ?? url?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  if (content === undefined && url === undefined)
    throw invalid('Attachment must have either a `content` or `path`.', 'invalid_attachment');
  if (filename === '') throw invalid('Attachment must have a `filename`.', 'invalid_attachment');
  const type = json.at('content_type').text();
  const contentId = json.at('content_id').text();
  return {
    filename,
    // Restante never loads a URL that a request names.
    content: content ?? Buffer.from(`Restante did not load ${url ?? ''}\r\n`),
    ...(type === undefined ? {} : { type }),
    ...(contentId === undefined ? {} : { contentId: contentId.replace(/^<(.*)>$/, '$1'), inline: true }),
  };
}

function headersOf(json: Json): readonly (readonly [string, string])[] {
  return json.members().map(([name, value]) => {
    if (!isFieldName(name))
      throw invalid(`Invalid \`headers\` field. ${JSON.stringify(name)} is not a header name.`);
    return [name, value.scalar() ?? ''];
  });
}

interface Texts {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly isUnknownTemplate: boolean;
}

function textsOf(json: Json): Texts {
  const template = json.at('template');
  const text = json.at('text').text();
  const html = json.at('html').text();
  if (!template.isAbsent) {
    const id = template.at('id').required().text() ?? '';
    const data = JSON.stringify(template.at('variables').value ?? {}, null, 2);
    return {
      subject: json.at('subject').text() ?? `Template ${id}`,
      text: `The template ${id} is not stored in Restante. Its variables:\n\n${data}\n`,
      isUnknownTemplate: true,
    };
  }
  const subject = json.at('subject').required().text() ?? '';
  if (text === undefined && html === undefined)
    throw invalid('Missing `html` or `text` field.', 'missing_required_field');
  return {
    subject,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    isUnknownTemplate: false,
  };
}

async function messageOf(json: Json, now: number): Promise<RenderedMessage> {
  const from = senderOf(json.at('from'));
  const to = recipientsOf(json.at('to').required());
  if (to.length === 0) throw new MemberError('to', 'is required', true);
  const cc = recipientsOf(json.at('cc'));
  const bcc = recipientsOf(json.at('bcc'));
  const { isUnknownTemplate, ...texts } = textsOf(json);
  const id = randomUUID();
  const isScheduled = (json.at('scheduled_at').text() ?? '') !== '';
  const raw = await composeDraft({
    ...{ from, to, cc, ...texts },
    replyTo: mailboxesOf(json.at('reply_to')),
    headers: headersOf(json.at('headers')),
    attachments: json.at('attachments').items().map(attachmentOf),
    messageId: `<${id}@${MESSAGE_ID_DOMAIN}>`,
    date: now,
  });
  return {
    ...{ raw, id, request: json.value },
    from: from.address,
    to: [...to, ...cc, ...bcc].map(({ address }) => address),
    tags: [...(isScheduled ? ['scheduled'] : []), ...(isUnknownTemplate ? ['unknown-template'] : [])],
  };
}

/** Renders one email of a batch, which has neither attachments nor a time. */
async function batchItemOf(item: Json, now: number): Promise<RenderedMessage> {
  // The members of an email in a batch have the same names in errors as the members of a single email.
  const json = new Json(item.value);
  for (const name of ['attachments', 'scheduled_at'])
    if (!json.at(name).isAbsent) throw invalid(`The \`${name}\` field is not supported in batch emails.`);
  return messageOf(json, now);
}

/** Returns the message of an error that one email of a permissive batch causes; rethrows other errors. */
function messageOfError(error: unknown): string {
  if (!(error instanceof MemberError) && !(error instanceof Refused)) throw error;
  const answer =
    error instanceof Refused ? error.answer : wrongMember(error.path, error.problem, error.isMissing);
  return (JSON.parse(answer.body) as { readonly message: string }).message;
}

async function batchOf(body: Json, now: number, isPermissive: boolean): Promise<RenderedItem[]> {
  const emails = body.required().items();
  if (emails.length === 0 || emails.length > MAX_BATCH)
    throw invalid(`A batch must have 1 to ${MAX_BATCH} emails, not ${emails.length}.`);
  const items: RenderedItem[] = [];
  for (const [index, email] of emails.entries()) {
    try {
      items.push({ message: await batchItemOf(email, now) });
    } catch (error) {
      if (!isPermissive) throw error;
      items.push({ refusal: { index, message: messageOfError(error) } });
    }
  }
  return items;
}

export const render: Render = async ({ body, facts, now }) => {
  const json = Json.parse(body);
  if (facts['batch'] === undefined) return { items: [{ message: await messageOf(json, now) }] };
  return { items: await batchOf(json, now, facts['batch'] === 'permissive') };
};
