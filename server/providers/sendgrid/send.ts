/** Renders the body of `POST /v3/mail/send`: one message for each personalization. */
import { randomBytes } from 'node:crypto';
import { composeDraft, isFieldName, type Attachment, type Draft } from '../compose.ts';
import { Json } from '../json.ts';
import { isAddress, type Mailbox } from '../mailbox.ts';
import type { Render, RenderInput, RenderedMessage, StoredTemplate } from '../render.ts';
import { renderTemplate, TemplateError } from '../template.ts';
import { invalid } from './errors.ts';
import { helpers } from './helpers.ts';

const MAX_PERSONALIZATIONS = 1000;
/** The maximum time between the request and `send_at`, in seconds. */
const MAX_DELAY = 72 * 3600;

/** The header fields that other members of the body set, or that SendGrid adds itself. */
const RESERVED = new Set([
  ...['x-sg-id', 'x-sg-eid', 'received', 'dkim-signature', 'content-type', 'content-transfer-encoding'],
  ...['to', 'from', 'subject', 'reply-to', 'cc', 'bcc'],
]);

const FROM =
  'The from object must be provided for every email send. It is an object that requires the email parameter, but ' +
  'may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : ' +
  '"example@example.com", "name" : "Example Recipient"}.';
const TO =
  'The to array is required for all personalization objects, and must have at least one email object with a valid ' +
  'email address.';
const PERSONALIZATIONS = 'The personalizations field is required and must have at least one personalization.';
const SUBJECT =
  'The subject is required. You can get around this requirement if you use a template with a subject defined or if ' +
  'every personalization has a subject defined.';
const CONTENT =
  'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined ' +
  'content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.';
const ORDER = 'If present, text/plain and text/html may only be provided once, and text/plain must be first.';

function mailboxOf(json: Json, anchor: string): Mailbox {
  const email = json.at('email');
  const address = email.text()?.trim() ?? '';
  if (!isAddress(address)) throw invalid('Does not contain a valid address.', email.path, anchor);
  return { name: json.at('name').text() ?? '', address };
}

const mailboxes = (list: Json, anchor: string): readonly Mailbox[] =>
  list.items().map((item) => mailboxOf(item, anchor));

function fromOf(from: Json, required: boolean): Mailbox | undefined {
  const email = from.at('email');
  if (email.isAbsent && !required && from.isAbsent) return undefined;
  if (email.isAbsent) throw invalid(FROM, 'from.email', 'message.from');
  if (!isAddress(email.text()?.trim() ?? ''))
    throw invalid('The from email does not contain a valid address.', email.path, 'message.from');
  return mailboxOf(from, 'message.from');
}

function headersOf(headers: Json): readonly (readonly [string, string])[] {
  return headers.members().map(([name, value]) => {
    if (!isFieldName(name) || RESERVED.has(name.toLowerCase()))
      throw invalid(`The header ${name} is reserved or not valid.`, value.path, 'message.headers');
    return [name, value.text() ?? ''];
  });
}

function attachmentOf(json: Json): Attachment {
  const required = (name: string): Json => {
    const member = json.at(name);
    if ((member.text() ?? '') === '')
      throw invalid(
        `The attachment ${name} parameter is required.`,
        member.path,
        `message.attachments.${name}`,
      );
    return member;
  };
  const filename = required('filename').text() ?? '';
  const type = json.at('type').text();
  const contentId = json.at('content_id').text();
  return {
    filename,
    content: required('content').base64() ?? Buffer.alloc(0),
    inline: json.at('disposition').text() === 'inline',
    ...(type === undefined ? {} : { type }),
    ...(contentId === undefined ? {} : { contentId: contentId.replace(/^<(.*)>$/, '$1') }),
  };
}

interface Content {
  readonly type: string;
  readonly value: string;
}

function contentOf(list: Json): readonly Content[] {
  const content = list.items().map((item) => {
    const value = item.at('value');
    if ((value.text() ?? '') === '')
      throw invalid(
        'The content value must be a string at least one character in length.',
        value.path,
        'message.content.value',
      );
    return { type: item.at('type').required().text() ?? '', value: value.text() ?? '' };
  });
  const types = content.map(({ type }) => type.toLowerCase());
  const sorted = ['text/plain', 'text/html'].filter((type) => types.includes(type));
  const isOrdered = sorted.every((type, index) => types[index] === type);
  if (!isOrdered || new Set(types).size < types.length) throw invalid(ORDER, 'content', 'message.content');
  return content;
}

/** The members of the body that apply to all its messages. */
interface Common {
  readonly body: Json;
  readonly from: Mailbox;
  readonly replyTo: readonly Mailbox[];
  readonly content: readonly Content[];
  readonly attachments: readonly Attachment[];
  readonly headers: readonly (readonly [string, string])[];
  readonly templateId: string | undefined;
  readonly template: StoredTemplate | undefined;
  readonly tags: readonly string[];
  /** The id of the request, which the response has in the field X-Message-Id. */
  readonly id: string;
  readonly now: number;
}

/** Throws if `send_at` is more than 72 hours after the request. Returns whether the message is scheduled. */
function isScheduled(sendAt: Json, now: number): boolean {
  const seconds = sendAt.number();
  if (seconds === undefined) return false;
  if (seconds * 1000 - now > MAX_DELAY * 1000)
    throw invalid('The send_at parameter must be within the next 72 hours.', sendAt.path, 'message.send_at');
  return seconds * 1000 > now;
}

function commonOf(body: Json, { templates, now }: RenderInput): Common {
  const from = fromOf(body.at('from'), true);
  if (from === undefined) throw invalid(FROM, 'from.email', 'message.from');
  const templateId = body.at('template_id').text();
  const content = contentOf(body.at('content'));
  if (content.length === 0 && templateId === undefined) throw invalid(CONTENT, 'content', 'message.content');
  const replyTo = body.at('reply_to');
  const template = templateId === undefined ? undefined : templates[templateId];
  const isSandbox = body.at('mail_settings').at('sandbox_mode').at('enable').boolean();
  return {
    ...{ body, from, content, templateId, template, now },
    replyTo: replyTo.isAbsent
      ? mailboxes(body.at('reply_to_list'), 'message.reply_to_list')
      : [mailboxOf(replyTo, 'message.reply_to')],
    attachments: body.at('attachments').items().map(attachmentOf),
    headers: headersOf(body.at('headers')),
    id: randomBytes(16).toString('base64url'),
    tags: [
      ...(isSandbox ? ['sandbox'] : []),
      ...(isScheduled(body.at('send_at'), now) ? ['scheduled'] : []),
      ...(templateId !== undefined && template === undefined ? ['unknown-template'] : []),
    ],
  };
}

/** Replaces the substitution tags of a legacy personalization, for example `-name-`. */
const substitute = (text: string, substitutions: readonly (readonly [string, string])[]): string =>
  substitutions.reduce(
    (result, [tag, value]) => (tag === '' ? result : result.replaceAll(tag, () => value)),
    text,
  );

interface Texts {
  readonly subject: string;
  readonly content: readonly Content[];
}

/** Returns the subject and the content from the template of the request. */
function fromTemplate(common: Common, personalization: Json, subject: string | undefined): Texts {
  const { template, templateId = '' } = common;
  const data = personalization.at('dynamic_template_data').value ?? {};
  if (template === undefined) {
    const value = `The template ${templateId} is not stored in Restante. Its data:\n\n${JSON.stringify(data, null, 2)}\n`;
    return { subject: subject ?? `Template ${templateId}`, content: [{ type: 'text/plain', value }] };
  }
  const fill = (source: string, kind: 'html' | 'text'): string =>
    renderTemplate(source, data, kind, { helpers });
  try {
    return {
      subject: fill(template.subject, 'text') || (subject ?? ''),
      content: [
        ...(template.text === '' ? [] : [{ type: 'text/plain', value: fill(template.text, 'text') }]),
        ...(template.html === '' ? [] : [{ type: 'text/html', value: fill(template.html, 'html') }]),
      ],
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw invalid(
      `The template ${templateId} cannot be rendered: ${error.message}`,
      'template_id',
      'message.template_id',
    );
  }
}

function textsOf(common: Common, personalization: Json): Texts {
  const subject = personalization.at('subject').text() ?? common.body.at('subject').text();
  if (common.templateId !== undefined && (common.content.length === 0 || common.template !== undefined))
    return fromTemplate(common, personalization, subject);
  if (subject === undefined || subject === '') throw invalid(SUBJECT, 'subject', 'message.subject');
  const tags = personalization
    .at('substitutions')
    .members()
    .map(([tag, value]) => [tag, value.scalar() ?? ''] as const);
  return {
    subject: substitute(subject, tags),
    content: common.content.map(({ type, value }) => ({ type, value: substitute(value, tags) })),
  };
}

/** Adds the footer of `mail_settings` to the texts. */
function withFooter(body: Json, content: readonly Content[]): readonly Content[] {
  const footer = body.at('mail_settings').at('footer');
  if (!footer.at('enable').boolean()) return content;
  const added = new Map([
    ['text/plain', footer.at('text').text() ?? ''],
    ['text/html', footer.at('html').text() ?? ''],
  ]);
  return content.map(({ type, value }) => ({ type, value: value + (added.get(type) ?? '') }));
}

function uniqueRecipients(personalization: Json): Record<'to' | 'cc' | 'bcc', readonly Mailbox[]> {
  const toList = personalization.at('to');
  if (toList.items().length === 0) throw invalid(TO, toList.path, 'message.personalizations.to');
  const listed = (name: string): readonly Mailbox[] =>
    mailboxes(personalization.at(name), `message.personalizations.${name}`);
  const found = { to: listed('to'), cc: listed('cc'), bcc: listed('bcc') };
  const seen = new Set<string>();
  for (const [name, list] of Object.entries(found)) {
    for (const { address } of list) {
      if (seen.has(address.toLowerCase())) {
        throw invalid(
          'Each email address in the personalization block should be unique between to, cc, and bcc. We found the ' +
            `first duplicate instance of [${address}] in the ${personalization.path}.${name} field.`,
          personalization.path,
          'message.personalizations',
        );
      }
      seen.add(address.toLowerCase());
    }
  }
  return found;
}

/** The request with only the personalization of one message. */
const requestOf = ({ body }: Common, personalization: Json): unknown => ({
  ...(body.value as object),
  personalizations: [personalization.value],
});

async function messageOf(common: Common, personalization: Json, index: number): Promise<RenderedMessage> {
  const { to, cc, bcc } = uniqueRecipients(personalization);
  const from = fromOf(personalization.at('from'), false) ?? common.from;
  const { subject, content: texts } = textsOf(common, personalization);
  const content = withFooter(common.body, texts);
  const own = headersOf(personalization.at('headers'));
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const text = content.find(({ type }) => type.toLowerCase() === 'text/plain')?.value;
  const html = content.find(({ type }) => type.toLowerCase() === 'text/html')?.value;
  const draft: Draft = {
    ...{ from, to, cc, subject },
    replyTo: common.replyTo,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    alternatives: content
      .filter(({ type }) => !/^text\/(?:plain|html)$/i.test(type))
      .map(({ type, value }) => ({ type, content: value })),
    headers: [...common.headers.filter(([name]) => !names.has(name.toLowerCase())), ...own],
    attachments: common.attachments,
    messageId: `<${common.id}@geopod-ismtpd-${index}>`,
    date: common.now,
  };
  const isLater = isScheduled(personalization.at('send_at'), common.now);
  return {
    raw: await composeDraft(draft),
    from: from.address,
    to: [...to, ...cc, ...bcc].map(({ address }) => address),
    id: common.id,
    request: requestOf(common, personalization),
    tags: [...new Set([...common.tags, ...(isLater ? ['scheduled'] : [])])],
  };
}

export const render: Render = async (input) => {
  const body = Json.parse(input.body);
  const personalizations = body.at('personalizations').items();
  if (personalizations.length === 0)
    throw invalid(PERSONALIZATIONS, 'personalizations', '-Personalizations-Errors');
  if (personalizations.length > MAX_PERSONALIZATIONS) {
    const text = `There are ${personalizations.length} personalizations. The limit is ${MAX_PERSONALIZATIONS}.`;
    throw invalid(text, 'personalizations', '-Personalizations-Errors');
  }
  const common = commonOf(body, input);
  const items = [];
  for (const [index, personalization] of personalizations.entries())
    items.push({ message: await messageOf(common, personalization, index) });
  return { items, facts: { id: common.id, isSandbox: common.tags.includes('sandbox') } };
};
