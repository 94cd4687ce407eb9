/** Renders the bodies of `POST /v3/DOMAIN/messages` and `POST /v3/DOMAIN/messages.mime`. */
import { randomBytes } from 'node:crypto';
import { bodyStartOf } from '../../message/body-start.ts';
import { headerValues } from '../../message/header.ts';
import { parseStructure } from '../../message/parse.ts';
import { composeDraft, isFieldName, type Attachment, type Draft } from '../compose.ts';
import { Form } from '../form.ts';
import { Json } from '../json.ts';
import { mailboxesIn, type Mailbox } from '../mailbox.ts';
import type { Render, RenderInput, RenderedMessage } from '../render.ts';
import { renderTemplate, TemplateError } from '../template.ts';
import { invalid } from './errors.ts';

const MAX_RECIPIENTS = 1000;
/** The header fields that Mailgun composes from other parameters. */
const COMPOSED = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'mime-version',
  'content-type',
  'date',
  'message-id',
]);

/** Returns the mailboxes of a parameter. Each value of the parameter is a list of mailboxes, separated by commas. */
function mailboxesOf(form: Form, name: string): readonly Mailbox[] {
  return form.texts(name).flatMap((text) => {
    const found = mailboxesIn(text);
    if (found === null) throw invalid(`${name} parameter is not a valid address. please check documentation`);
    return found;
  });
}

function recipientsOf(form: Form): readonly Mailbox[] {
  if (form.text('to') === undefined) throw invalid("'to' parameter is missing");
  const found = mailboxesOf(form, 'to');
  if (found.length > MAX_RECIPIENTS)
    throw invalid(`to parameter has ${found.length} addresses. The limit is ${MAX_RECIPIENTS}`);
  return found;
}

/** Returns an id in Mailgun's form: `20261123100000.1.0123456789ABCDEF@example.test`. */
function newId(domain: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return `${time}.1.${randomBytes(8).toString('hex').toUpperCase()}@${domain}`;
}

const isYes = (form: Form, name: string): boolean => /^(?:yes|true)$/i.test(form.text(name) ?? '');

const tagsOf = (form: Form): readonly string[] => [
  ...(isYes(form, 'o:testmode') ? ['sandbox'] : []),
  ...(form.text('o:deliverytime') === undefined ? [] : ['scheduled']),
];

const byPrefix = (form: Form, prefix: string): readonly (readonly [string, string])[] =>
  form.names
    .filter((name) => name.startsWith(prefix))
    .map((name) => [name.slice(prefix.length), form.text(name) ?? '']);

interface Headers {
  readonly fields: readonly (readonly [string, string])[];
  readonly replyTo: string | undefined;
  /** The Message-ID of the application, without angle brackets. */
  readonly messageId: string | undefined;
}

function headersOf(form: Form): Headers {
  const all = byPrefix(form, 'h:');
  const wrong = all.find(([name]) => !isFieldName(name));
  if (wrong !== undefined) throw invalid(`h:${wrong[0]} parameter is not a valid header name`);
  const valueOf = (wanted: string): string | undefined =>
    all.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const variables = byPrefix(form, 'v:');
  const json = JSON.stringify(Object.fromEntries(variables));
  return {
    fields: [
      ...all.filter(([name]) => !COMPOSED.has(name.toLowerCase()) && name.toLowerCase() !== 'reply-to'),
      ...(variables.length === 0 ? [] : ([['X-Mailgun-Variables', json]] as const)),
    ],
    replyTo: valueOf('reply-to'),
    messageId: valueOf('message-id')?.replace(/^<(.*)>$/, '$1'),
  };
}

/** Returns the files of a form. The Content-ID of an inline file is its file name. */
const filesOf = (form: Form): readonly Attachment[] => [
  ...form.files('attachment').map(({ filename, type, content }) => ({ filename, type, content })),
  ...form
    .files('inline')
    .map(({ filename, type, content }) => ({ filename, type, content, contentId: filename, inline: true })),
];

/** Parses a parameter that contains a JSON object. */
function objectIn(form: Form, name: string): Json {
  const text = form.text(name);
  if (text === undefined || text === '') return new Json({}, name);
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Json(value, name);
  } catch {
    // The error below also reports a text that is not JSON.
  }
  throw invalid(`${name} parameter is not a valid JSON object`);
}

interface Texts {
  readonly text?: string;
  readonly html?: string;
  readonly amp?: string;
  readonly isUnknownTemplate?: boolean;
}

function textsOf(form: Form, { templates, facts }: RenderInput): Texts {
  const name = form.text('template') ?? '';
  const text = form.text('text');
  const html = form.text('html');
  const amp = form.text('amp-html');
  const given = {
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    ...(amp === undefined ? {} : { amp }),
  };
  if (name === '') {
    if (Object.keys(given).length === 0)
      throw invalid("Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified");
    return given;
  }
  const key = `${facts['domain'] ?? ''}/${name}`;
  const template = Object.hasOwn(templates, key) ? templates[key] : undefined;
  const variables = {
    ...Object.fromEntries(byPrefix(form, 'v:')),
    ...(objectIn(form, 't:variables').value as object),
  };
  if (template === undefined) {
    const data = JSON.stringify(variables, null, 2);
    return {
      text: `The template ${name} is not stored in Restante. Its variables:\n\n${data}\n`,
      isUnknownTemplate: true,
    };
  }
  try {
    return { ...given, html: renderTemplate(template.html, variables, 'html') };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw invalid(`template ${name} cannot be rendered: ${error.message}`);
  }
}

/** Replaces the variables of a recipient, for example `%recipient.name%` and `%recipient_email%`. */
function forRecipient(text: string, { name, address }: Mailbox, variables: Json): string {
  return text
    .replaceAll(/%recipient\.([\w.-]+)%/g, (whole, key: string) => variables.at(key).scalar() ?? whole)
    .replaceAll(/%recipient(?:_email)?%/g, () => address)
    .replaceAll('%recipient_name%', () => name);
}

/** A message in which the variables of its recipient are not replaced yet. */
interface Unfilled {
  readonly draft: Omit<Draft, 'to'>;
  readonly bcc: readonly Mailbox[];
}

function filled(draft: Omit<Draft, 'to'>, to: Mailbox, variables: Json): Draft {
  const fill = (text: string): string => forRecipient(text, to, variables);
  return {
    ...draft,
    to: [to],
    subject: fill(draft.subject),
    ...(draft.text === undefined ? {} : { text: fill(draft.text) }),
    ...(draft.html === undefined ? {} : { html: fill(draft.html) }),
    headers: (draft.headers ?? []).map(([name, value]) => [name, fill(value)] as const),
  };
}

async function rendered(
  draft: Draft,
  { bcc }: Unfilled,
  more: Pick<RenderedMessage, 'id' | 'request' | 'tags'>,
): Promise<RenderedMessage> {
  return {
    ...more,
    raw: await composeDraft(draft),
    from: draft.from.address,
    to: [...draft.to, ...(draft.cc ?? []), ...bcc].map(({ address }) => address),
  };
}

function senderOf(form: Form): Mailbox {
  if (form.text('from') === undefined) throw invalid("'from' parameter is missing");
  const [from, ...others] = mailboxesOf(form, 'from');
  if (from === undefined || others.length > 0)
    throw invalid('from parameter is not a valid address. please check documentation');
  return from;
}

function replyToOf(text: string | undefined): readonly Mailbox[] {
  if (text === undefined) return [];
  const found = mailboxesIn(text);
  if (found === null)
    throw invalid('h:Reply-To parameter is not a valid address. please check documentation');
  return found;
}

/** Returns the variables of the recipients by address; `null` if the form contains no such variables. */
const recipientVariables = (form: Form): Json | null =>
  form.text('recipient-variables') === undefined ? null : objectIn(form, 'recipient-variables');

async function messagesOf(form: Form, input: RenderInput): Promise<RenderedMessage[]> {
  const from = senderOf(form);
  const to = recipientsOf(form);
  const { isUnknownTemplate = false, amp, ...texts } = textsOf(form, input);
  const { fields, replyTo, messageId } = headersOf(form);
  const id = messageId ?? newId(input.facts['domain'] ?? '', input.now);
  const unfilled: Unfilled = {
    draft: {
      ...{ from, ...texts, headers: fields },
      cc: mailboxesOf(form, 'cc'),
      replyTo: replyToOf(replyTo),
      subject: form.text('subject') ?? '',
      alternatives: amp === undefined ? [] : [{ type: 'text/x-amp-html', content: amp }],
      attachments: filesOf(form),
      messageId: `<${id}>`,
      date: input.now,
    },
    bcc: mailboxesOf(form, 'bcc'),
  };
  const request = form.toJson();
  const tags = [...tagsOf(form), ...(isUnknownTemplate ? ['unknown-template'] : [])];
  const variables = recipientVariables(form);
  if (variables === null) return [await rendered({ ...unfilled.draft, to }, unfilled, { id, request, tags })];
  const messages: RenderedMessage[] = [];
  for (const recipient of to) {
    const own = variables.at(recipient.address);
    const part = {
      ...{ ...request, to: recipient.address },
      'recipient-variables': { [recipient.address]: own.value ?? {} },
    };
    messages.push(
      await rendered(filled(unfilled.draft, recipient, own), unfilled, { id, request: part, tags }),
    );
  }
  return messages;
}

/** Returns a MIME message with the line ends of mail (RFC 5322 §2.3). */
const withLineEnds = (raw: Buffer): Buffer =>
  raw.includes('\r\n') ? raw : Buffer.from(raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');

function mimeOf(form: Form, { facts, now }: RenderInput): RenderedMessage {
  const text = form.text('message');
  const given = form.files('message')[0]?.content ?? (text === undefined ? undefined : Buffer.from(text));
  if (given === undefined) throw invalid("'message' parameter is missing");
  const to = recipientsOf(form);
  const raw = withLineEnds(given);
  const { root } = parseStructure(raw.subarray(0, bodyStartOf(raw)));
  const [sender] = mailboxesIn(headerValues(root, 'from')[0] ?? '') ?? [];
  if (sender === undefined)
    throw invalid('from parameter is not a valid address. please check documentation');
  const own = headerValues(root, 'message-id')[0]
    ?.trim()
    .replace(/^<(.*)>$/, '$1');
  const id = own ?? newId(facts['domain'] ?? '', now);
  return {
    ...{ id, tags: tagsOf(form) },
    raw: own === undefined ? Buffer.concat([Buffer.from(`Message-Id: <${id}>\r\n`), raw]) : raw,
    from: sender.address,
    to: to.map(({ address }) => address),
    request: { ...form.toJson(), message: `(${given.length} octets of MIME)` },
  };
}

export const render: Render = async (input) => {
  const form = await Form.parse(input.body, input.contentType);
  const messages = input.facts['mime'] === undefined ? await messagesOf(form, input) : [mimeOf(form, input)];
  return { items: messages.map((message) => ({ message })) };
};
