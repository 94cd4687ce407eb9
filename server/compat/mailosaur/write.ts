/**
 * The calls that write messages: a new message, a forward and a reply. The messages are captured through the same path
 * as those of SMTP, which includes the rules; they leave the sandbox only if a rule relays them.
 */
import type { Compose } from '../../../contract/index.ts';
import { SmtpReply } from '../../capture/submission.ts';
import { parseMailboxes } from '../../message/address.ts';
import { NoRoom } from '../../net/in-flight/index.ts';
import { composeMessage, envelopeFor } from '../../service/compose.ts';
import { partJob } from '../../service/reading/jobs.ts';
import { ALL } from '../../store/ids.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError, jsonAnswer, type Answer } from '../answer.ts';
import { membersOf, parseMembers, textIn, withMessageBody, type Members } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findById } from '../find.ts';
import { FieldError, notFound } from './errors.ts';
import { findMessage, readMailosaurContent, readMessage } from './message.ts';
import { serverIn, serverOf } from './servers.ts';

type Attachments = NonNullable<Compose['attachments']>;

/** The domain of the addresses of servers, as in the clients of Mailosaur. */
const DOMAIN = 'mailosaur.net';

/** Returns the addresses in a member of the request's body; throws if the member has text but no valid address. */
function addressesIn(members: Members, name: string): string[] {
  const text = textIn(members, name);
  if (text.trim() === '') return [];
  const addresses = parseMailboxes(text).map(({ address }) => address);
  if (addresses.length === 0 || !addresses.every((address) => /^[^\s@]+@[^\s@]+$/.test(address)))
    throw new FieldError(name, `${JSON.stringify(text)} is not an email address`);
  return addresses;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function attachmentsIn(members: Members): Attachments {
  const value = members['attachments'] ?? [];
  if (!Array.isArray(value)) throw new FieldError('attachments', 'attachments must be an array');
  return value.map((item: unknown) => {
    const file = membersOf(item, 'Each item of attachments');
    const content = textIn(file, 'content').replaceAll(/\s/g, '');
    if (!BASE64.test(content))
      throw new FieldError('attachments', 'The content of an attachment must be in Base64');
    const type = textIn(file, 'contentType');
    const contentId = textIn(file, 'contentId');
    return {
      filename: textIn(file, 'fileName'),
      content,
      ...(type === '' ? {} : { type }),
      ...(contentId === '' ? {} : { contentId }),
    };
  });
}

/** Returns the text and the HTML in the members of the request's body. */
function bodiesIn(members: Members): Pick<Compose, 'text' | 'html'> {
  const html = textIn(members, 'html');
  const text = textIn(members, 'text');
  return { ...(text === '' && html !== '' ? {} : { text }), ...(html === '' ? {} : { html }) };
}

async function capture(deps: CompatDeps, call: Call, mail: Compose): Promise<Answer> {
  const raw = await composeMessage(mail);
  const { id } = await deps.capture.submit(raw, envelopeFor(raw, mail, {}));
  const listed = id === null ? undefined : await findById(deps, ALL, id);
  if (listed === undefined) throw new FieldError('request', 'A rule discarded the message');
  return jsonAnswer(await readMessage(deps, call, listed));
}

/**
 * Reads the body of a call, and captures the message that `make` returns for it. The result is the message object of
 * the captured message.
 */
async function write(
  deps: CompatDeps,
  call: Call,
  make: (members: Members) => Compose | Promise<Compose>,
): Promise<Answer> {
  try {
    return await withMessageBody(deps, call.request, async (body) =>
      capture(deps, call, await make(parseMembers(body))),
    );
  } catch (error) {
    if (error instanceof SmtpReply)
      throw new FieldError('request', [error.code, error.status ?? [], error.message].flat().join(' '));
    if (error instanceof NoRoom)
      throw new CallError('There is no room for the message: try again later', 503);
    throw error;
  }
}

/** Creates a message. Without recipients, the message is sent to an address of the server. */
export const createMessage: Handler = async (deps, call) => {
  const own = `restante@${serverIn(call)}.${DOMAIN}`;
  return write(deps, call, (members) => {
    const to = addressesIn(members, 'to');
    const [from = to.length === 0 ? `sender@${DOMAIN}` : own] = addressesIn(members, 'from');
    return {
      from,
      to: to.length === 0 ? [own] : to,
      cc: addressesIn(members, 'cc'),
      subject: textIn(members, 'subject'),
      ...bodiesIn(members),
      attachments: attachmentsIn(members),
    };
  });
};

/** Returns the address of a server that received a message; throws if there is none. */
function recipientOf({ summary }: ListedMessage): string {
  const recipient =
    summary.envelope.to.find((address) => serverOf(address) !== null) ?? summary.envelope.to[0];
  if (recipient === undefined)
    throw new FieldError('request', 'The message has no recipient, who could answer it');
  return recipient;
}

/** Returns the attachments of a stored message. */
async function attachmentsOf(deps: CompatDeps, { summary }: ListedMessage): Promise<Attachments> {
  const { attachments } = await readMailosaurContent(deps, summary);
  const copies = attachments.map(async ({ part, fileName, contentType, contentId }) => {
    const found = await deps.reading.read(partJob, summary, { part, utf8: false }, part);
    if (found === null) throw notFound();
    return {
      filename: fileName,
      content: Buffer.from(found.bytes).toString('base64'),
      type: contentType,
      ...(contentId === null ? {} : { contentId }),
    };
  });
  return Promise.all(copies);
}

/** Forwards a message with its bodies and attachments; the texts of the call are put before the bodies. */
export const forwardMessage: Handler = async (deps, call) => {
  const listed = await findMessage(deps, call, call.params['id'] ?? '');
  return write(deps, call, async (members) => {
    const to = addressesIn(members, 'to');
    if (to.length === 0) throw new FieldError('to', 'Please provide a recipient');
    const { text, html } = await readMailosaurContent(deps, listed.summary);
    const added = bodiesIn(members);
    const isHtml = html.body !== undefined || added.html !== undefined;
    return {
      from: recipientOf(listed),
      to,
      cc: addressesIn(members, 'cc'),
      subject: `Fwd: ${listed.summary.subject}`,
      text: [added.text, text.body].filter((body) => body !== undefined && body !== '').join('\n\n'),
      ...(isHtml ? { html: `${added.html ?? ''}${html.body ?? ''}` } : {}),
      attachments: await attachmentsOf(deps, listed),
    };
  });
};

export const replyToMessage: Handler = async (deps, call) => {
  const listed = await findMessage(deps, call, call.params['id'] ?? '');
  const { summary } = listed;
  const senders = (summary.replyTo.length > 0 ? summary.replyTo : summary.from).map(({ address }) => address);
  if (senders.length === 0)
    throw new FieldError('request', 'The message has no sender, who could get the reply');
  const { messageId } = summary;
  return write(deps, call, (members) => ({
    from: recipientOf(listed),
    to: senders,
    cc: addressesIn(members, 'cc'),
    subject: /^re:/i.test(summary.subject) ? summary.subject : `Re: ${summary.subject}`,
    ...bodiesIn(members),
    ...(messageId === null ? {} : { inReplyTo: `<${messageId}>`, references: [`<${messageId}>`] }),
    attachments: attachmentsIn(members),
  }));
};
