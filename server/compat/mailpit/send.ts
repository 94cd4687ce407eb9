/** The call that sends a message: it is composed from JSON and captured through the same path as SMTP. */
import { parseMailboxes } from '../../message/address.ts';
import { SmtpReply } from '../../capture/submission.ts';
import { NoRoom } from '../../net/in-flight/index.ts';
import { composeMessage, envelopeFor } from '../../service/compose.ts';
import type { Compose } from '../../../contract/index.ts';
import { ProblemError } from '../../../contract/problems.ts';
import { type Answer, CallError, jsonAnswer } from '../answer.ts';
import { type Members, membersOf, parseMembers, textIn, textsIn, withMessageBody } from '../body.ts';
import type { CompatDeps, Handler } from '../call.ts';
import { cleanTags } from './tag-names.ts';

interface Person {
  readonly name: string;
  readonly address: string;
}

/** Returns the address in a text such as `a@b.test` or `Ann <a@b.test>`; throws if it is not one address. */
function addressIn(text: string, field: string): string {
  const [first, ...others] = parseMailboxes(text);
  const isValid = first !== undefined && others.length === 0 && /^[^\s@]+@[^\s@]+$/.test(first.address);
  if (!isValid) throw new CallError(`invalid ${field} address: ${text}`);
  return first.address;
}

function peopleIn(mail: Members, name: string, field: string): Person[] {
  const value = mail[name.toLowerCase()] ?? [];
  if (!Array.isArray(value)) throw new CallError(`${name} must be an array`);
  return value.map((item: unknown) => {
    const person = membersOf(item, `Each item of ${name}`);
    return { name: textIn(person, 'Name'), address: addressIn(textIn(person, 'Email'), field) };
  });
}

/** The header fields that other members of the body set. */
const RESTRICTED = [
  'to',
  'from',
  'cc',
  'bcc',
  'reply-to',
  'date',
  'subject',
  'content-type',
  'mime-version',
] as const;

function headersIn(mail: Members, hasTags: boolean): Record<string, string> {
  const value = mail['headers'] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new CallError('Headers must be a JSON object');
  const restricted = new Set<string>([...RESTRICTED, ...(hasTags ? ['x-tags'] : [])]);
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!/^[!-9;-~]+$/.test(name)) throw new CallError(`invalid header key: ${JSON.stringify(name)}`);
    if (restricted.has(name.toLowerCase())) throw new CallError(`cannot overwrite header: "${name}"`);
    if (typeof text !== 'string') throw new CallError(`Headers.${name} must be a string`);
    headers[name] = text;
  }
  return headers;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function attachmentsIn(mail: Members): NonNullable<Compose['attachments']> {
  const value = mail['attachments'] ?? [];
  if (!Array.isArray(value)) throw new CallError('Attachments must be an array');
  return value.map((item: unknown) => {
    const file = membersOf(item, 'Each item of Attachments');
    const filename = textIn(file, 'Filename');
    // The content of an attachment may be a data URL, in which the data follow the last comma.
    const content = (textIn(file, 'Content').split(',').at(-1) ?? '').replaceAll(/[\r\n]/g, '');
    if (!BASE64.test(content))
      throw new CallError(`error decoding base64 attachment "${filename}": illegal base64 data`);
    const type = textIn(file, 'ContentType');
    const contentId = textIn(file, 'ContentID');
    return {
      filename,
      content,
      ...(type === '' ? {} : { type }),
      ...(contentId === '' ? {} : { contentId }),
    };
  });
}

interface Written {
  readonly mail: Compose;
  readonly tags: readonly string[];
}

function readMail(members: Members): Written {
  const from = membersOf(members['from'] ?? {}, 'From');
  const email = textIn(from, 'Email');
  if (email === '') throw new CallError('error building message: from not set');
  const tags = textsIn(members, 'Tags');
  const to = peopleIn(members, 'To', 'To');
  const cc = peopleIn(members, 'Cc', 'Cc');
  const bcc = textsIn(members, 'Bcc').map((address) => addressIn(address, 'Bcc'));
  if (to.length + cc.length + bcc.length === 0)
    throw new CallError('error building message: no recipients (to, cc, bcc) set');
  const html = textIn(members, 'HTML');
  const mail: Compose = {
    from: { name: textIn(from, 'Name'), address: addressIn(email, 'From') },
    to,
    cc,
    bcc,
    replyTo: peopleIn(members, 'ReplyTo', 'Reply-To'),
    subject: textIn(members, 'Subject'),
    text: textIn(members, 'Text'),
    ...(html === '' ? {} : { html }),
    headers: {
      ...headersIn(members, tags.length > 0),
      ...(tags.length === 0 ? {} : { 'X-Tags': tags.join(', ') }),
    },
    attachments: attachmentsIn(members),
  };
  return { mail, tags: cleanTags(tags) };
}

async function capture({ capture, store }: CompatDeps, body: Buffer): Promise<Answer> {
  const { mail, tags } = readMail(parseMembers(body));
  const raw = await composeMessage(mail);
  const { id } = await capture.submit(raw, envelopeFor(raw, mail, {}));
  if (id !== null && tags.length > 0) await store.messages.tag([id], tags, []);
  // A rule may discard the message; the response then has no id.
  return jsonAnswer({ ID: id ?? '' });
}

/**
 * Returns the response for an error of the call `send`. The response is JSON; all other calls report errors as a
 * text.
 */
function failure(error: unknown): Answer {
  if (error instanceof CallError) return jsonAnswer({ Error: error.message }, error.status);
  if (error instanceof SmtpReply)
    return jsonAnswer({ Error: [error.code, error.status ?? [], error.message].flat().join(' ') }, 400);
  if (error instanceof ProblemError) return jsonAnswer({ Error: error.message }, error.problem.status);
  if (error instanceof NoRoom) {
    const answer = jsonAnswer({ Error: 'There is no room for the message: try again later' }, 503);
    return { ...answer, headers: { 'retry-after': '1' } };
  }
  throw error;
}

export const sendMessage: Handler = async (deps, call) => {
  try {
    return await withMessageBody(deps, call.request, (body) => capture(deps, body));
  } catch (error) {
    return failure(error);
  }
};
