/** The calls for one message: its content, header fields, octets and parts, and its release. */
import { bodyStartOf } from '../../message/body-start.ts';
import { parseStructure } from '../../message/parse.ts';
import type { HeaderField } from '../../message/structure.ts';
import { RelayRefusal } from '../../relay/relay.ts';
import { rawStream } from '../../service/raw-stream.ts';
import type { AccountName, MessageId } from '../../store/ids.ts';
import type { ListedMessage, MessageSummary, Store } from '../../store/store.ts';
import { jsonAnswer, MailpitError, notFound, OK, type Answer } from './answer.ts';
import {
  findMessage,
  parseMembers,
  readBody,
  refuseOthers,
  textsIn,
  type Call,
  type Handler,
  type MailpitDeps,
} from './call.ts';
import { contentJob, partJob, type MailpitPart } from './parts.ts';
import { commonOf, instant } from './summary.ts';
import { BLANK_THUMBNAIL } from './thumbnail.ts';

/** Marks a message as read: Mailpit does so for every request of its content. */
export async function markRead(
  store: Store,
  { summary, seen }: ListedMessage,
  account: AccountName,
): Promise<void> {
  if (seen) return;
  const query = { kind: 'text', field: 'id', value: summary.id } as const;
  await store.messages.markMatching({ account, query }, { seen: true });
}

export const getMessage: Handler = async (deps, call) => {
  const { store, reading } = deps;
  const listed = await findMessage(deps, call);
  const { summary } = listed;
  const content = await reading.read(contentJob, summary, {});
  await markRead(store, listed, call.account);
  const common = commonOf(summary);
  const record = {
    ...common,
    // Mailpit adds a Return-Path with the sender of the envelope. The Return-Path of a bounce is empty.
    ReturnPath: summary.envelope.from === '' ? common.From.Address : summary.envelope.from,
    Date: instant(summary.date ?? summary.receivedAt),
  };
  const json = [Buffer.from(`${JSON.stringify(record).slice(0, -1)},`), content.subarray(1)];
  return { type: 'application/json', body: Buffer.concat(json) };
};

/** Maximum number of octets that are read from the start of a message to find its header fields. */
const HEAD = 1 << 20;

/** Returns the name of a header field as Go spells it: `message-ID` becomes `Message-Id`. */
const canonicalName = (name: string): string =>
  name.toLowerCase().replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());

/** Returns the value of a header field with its lines trimmed and joined by spaces, as Go unfolds it. */
function unfolded(raw: Buffer, { name, start, end }: HeaderField): string {
  const lines = raw
    .toString('utf8', start + name.length, end)
    .trim()
    .replace(/^\s*:/, '')
    .split('\n');
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** Returns the recipients that only the envelope names, which Mailpit adds to the message as a field Bcc. */
function hiddenRecipients(
  { to, cc, bcc, envelope }: MessageSummary,
  headers: ReadonlyMap<string, string[]>,
): string[] {
  if (headers.has('Bcc') || bcc.length === 0) return [];
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
  return envelope.to.filter((address) => !named.has(address.toLowerCase()));
}

export const getHeaders: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call);
  const head = await deps.store.messages.rawPart(summary.id, 0, HEAD);
  if (head === undefined) throw notFound();
  const { root } = parseStructure(head.subarray(0, bodyStartOf(head)));
  const headers = new Map<string, string[]>();
  for (const field of root.headers) {
    const canonical = canonicalName(field.name);
    headers.set(canonical, [...(headers.get(canonical) ?? []), unfolded(head, field)]);
  }
  const hidden = hiddenRecipients(summary, headers);
  if (hidden.length > 0) headers.set('Bcc', [hidden.join(', ')]);
  if (!headers.has('Return-Path')) headers.set('Return-Path', [`<${summary.envelope.from}>`]);
  return jsonAnswer(Object.fromEntries(headers));
};

export const getRaw: Handler = async (deps, call) => {
  const { id, size } = (await findMessage(deps, call)).summary;
  // The first octet is read to check that the file exists before the response begins.
  if ((await deps.store.messages.rawPart(id, 0, 1)) === undefined) throw notFound();
  const disposition: Record<string, string> =
    call.query.get('dl') === '1' ? { 'content-disposition': `attachment; filename="${id}.eml"` } : {};
  return {
    type: 'text/plain; charset=utf-8',
    headers: { ...disposition, 'content-length': String(size) },
    body: rawStream(deps.store, id, size),
  };
};

/** Encodes a file name for a header field as Go does for a segment of a path. */
const pathEscape = (name: string): string =>
  encodeURIComponent(name.replaceAll(/\p{Cs}/gu, '_'))
    .replaceAll(/%(24|26|2B|3A|3D|40)/g, (escaped) => decodeURIComponent(escaped))
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The media types that a browser could run as a page or a script: they are only downloaded. */
const ACTIVE =
  /^(?:text\/(?:html|xml|xsl|(?:java|ecma)script)|application\/(?:.*xml|(?:x-)?(?:java|ecma)script)|image\/svg\+xml)$/;

async function findPart(deps: MailpitDeps, call: Call): Promise<MailpitPart | null> {
  const { summary } = await findMessage(deps, call);
  const part = call.params['part'] ?? '';
  return deps.reading.read(partJob, summary, { part }, part);
}

export const getPart: Handler = async (deps, call) => {
  const part = await findPart(deps, call);
  if (part === null) throw notFound();
  const isActive = ACTIVE.test(part.type);
  return {
    type: isActive ? 'application/octet-stream' : part.type,
    headers: {
      'content-disposition': `${isActive ? 'attachment' : 'inline'}; filename="${pathEscape(part.name)}"`,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    },
    body: part.bytes,
  };
};

/** Returns a blank picture for every part, as Mailpit does for the parts that it cannot scale. */
export const getThumbnail: Handler = async (deps, call) => {
  const part = await findPart(deps, call);
  if (part === null) throw new MailpitError('attachment not found');
  const name = part.name.replace(/\.[^./]*$/, '') || 'thumb';
  return {
    type: 'image/jpeg',
    headers: { 'content-disposition': `filename="${pathEscape(`${name}.jpg`)}"` },
    body: BLANK_THUMBNAIL,
  };
};

async function releaseTo({ relay }: MailpitDeps, id: MessageId, to: readonly string[]): Promise<Answer> {
  try {
    await relay.release(id, to);
    return OK;
  } catch (error) {
    if (error instanceof RelayRefusal) throw new MailpitError(`Failed: ${error.message}`);
    throw error;
  }
}

export const releaseMessage: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call);
  const members = parseMembers(await readBody(call.request));
  refuseOthers(members, ['To']);
  const to = textsIn(members, 'To');
  if (to.length === 0) throw new MailpitError('No valid addresses found');
  return releaseTo(deps, summary.id, to);
};
