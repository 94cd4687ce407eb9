/** The calls for one message: its content, header fields, octets and parts, and its release. */
import { bodyStartOf } from '../../message/body-start.ts';
import { parseStructure } from '../../message/parse.ts';
import { RelayRefusal } from '../../relay/relay.ts';
import { rawStream } from '../../service/raw-stream.ts';
import type { MessageId } from '../../store/ids.ts';
import type { MessageSummary } from '../../store/store.ts';
import { type Answer, CallError, jsonAnswer } from '../answer.ts';
import { markRead } from '../find.ts';
import { unfolded } from '../header.ts';
import { partAnswer, pathEscape } from '../parts.ts';
import { parseMembers, readBody, refuseOthers, textsIn } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findMessage } from './selection.ts';
import { notFound, OK } from './errors.ts';
import { contentJob, partJob, type MailpitPart } from './parts.ts';
import { commonOf, instant } from './summary.ts';
import { BLANK_THUMBNAIL } from './thumbnail.ts';

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

async function findPart(deps: CompatDeps, call: Call): Promise<MailpitPart | null> {
  const { summary } = await findMessage(deps, call);
  const part = call.params['part'] ?? '';
  return deps.reading.read(partJob, summary, { part }, part);
}

export const getPart: Handler = async (deps, call) => {
  const part = await findPart(deps, call);
  if (part === null) throw notFound();
  return partAnswer(part);
};

/** Returns a blank picture for every part, as Mailpit does for the parts that it cannot scale. */
export const getThumbnail: Handler = async (deps, call) => {
  const part = await findPart(deps, call);
  if (part === null) throw new CallError('attachment not found');
  const name = part.name.replace(/\.[^./]*$/, '') || 'thumb';
  return {
    type: 'image/jpeg',
    headers: { 'content-disposition': `filename="${pathEscape(`${name}.jpg`)}"` },
    body: BLANK_THUMBNAIL,
  };
};

async function releaseTo({ relay }: CompatDeps, id: MessageId, to: readonly string[]): Promise<Answer> {
  try {
    await relay.release(id, to);
    return OK;
  } catch (error) {
    if (error instanceof RelayRefusal) throw new CallError(`Failed: ${error.message}`);
    throw error;
  }
}

export const releaseMessage: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call);
  const members = parseMembers(await readBody(call.request));
  refuseOthers(members, ['To']);
  const to = textsIn(members, 'To');
  if (to.length === 0) throw new CallError('No valid addresses found');
  return releaseTo(deps, summary.id, to);
};
