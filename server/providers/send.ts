/** Captures the messages of a request through the same path as SMTP. */
import type { ProviderName } from '../../contract/names.ts';
import { SmtpReply } from '../capture/submission.ts';
import type { EnvelopePath } from '../message/envelope.ts';
import type { MessageId } from '../store/ids.ts';
import { copyOf, JobError } from '../thread/job.ts';
import { Failed } from './answer.ts';
import { excerptOf } from './excerpt.ts';
import { maskKey } from './keys.ts';
import type { Call, ProviderDeps } from './provider.ts';
import type { RenderInput, RenderedMessage, Rendering, StoredTemplate } from './render.ts';
import { renderingOf, renderJob, type RendererName } from './render-job.ts';

/** The maximum size in octets of a body that is rendered in the main thread, which takes some milliseconds. */
const RENDERED_AT_ONCE = 256 * 1024;
/** The time limit of a rendering in a worker thread, in milliseconds: bodies are up to twice a message's size. */
const DEADLINE = 60_000;

export interface SendOptions {
  readonly provider: ProviderName;
  readonly renderer: RendererName;
  readonly facts?: Readonly<Record<string, string>>;
  readonly templates?: Readonly<Record<string, StoredTemplate>>;
  /**
   * Whether the response describes each message separately. The request then succeeds even if rules refused all its
   * messages.
   */
  readonly isInline?: boolean;
}

/** The result of one message of a request. */
export interface Outcome {
  /** The rendered message; `null` if the request describes an invalid message. */
  readonly message: RenderedMessage | null;
  /** The provider's own description of an invalid message. */
  readonly refusal: unknown;
  /** The id of the stored message; `null` if it was not stored, for example because a rule discarded it. */
  readonly stored: MessageId | null;
  /** The reply with which a rule or the store refused the message; `null` if it was accepted. */
  readonly reply: SmtpReply | null;
}

export interface Sent {
  readonly outcomes: readonly Outcome[];
  readonly facts: NonNullable<Rendering['facts']>;
}

/** Renders a small request in this thread, and a large request in a worker thread. */
async function render(
  { threads }: ProviderDeps,
  { body, headers, now }: Call,
  { renderer, facts = {}, templates = {} }: SendOptions,
): Promise<Rendering> {
  const input: Omit<RenderInput, 'body'> & { renderer: RendererName } = {
    ...{ renderer, facts, templates, now },
    contentType: headers['content-type'] ?? '',
  };
  if (body.length <= RENDERED_AT_ONCE) return renderingOf(await renderJob.run({ ...input, body }));
  try {
    const job = async () => ({ ...input, body: await copyOf(body) });
    return renderingOf(await threads.run(renderJob, job, { deadline: DEADLINE }));
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    if (error.failure === 'failed') throw error;
    throw new Failed('try-later', 'The server is too busy to read the request');
  }
}

const path = (address: string): EnvelopePath => ({ address, parameters: {} });

async function captureOne(
  { capture, store }: ProviderDeps,
  call: Call,
  provider: ProviderName,
  message: RenderedMessage,
): Promise<Outcome> {
  const { raw, from, to, id, request, tags = [] } = message;
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const client = {
    ip: call.ip,
    user: call.holder.user,
    provider: {
      ...{ name: provider, id },
      endpoint: `${call.method} ${call.path}`,
      apiKey: maskKey(call.key),
      request: excerptOf(request),
    },
  };
  try {
    const envelope = { from: path(from), to: [...new Set(to)].map(path) };
    const { id: stored } = await capture.submit(octets, envelope, client);
    if (stored !== null && tags.length > 0) await store.messages.tag([stored], tags, []);
    return { message, refusal: undefined, stored, reply: null };
  } catch (error) {
    if (!(error instanceof SmtpReply)) throw error;
    return { message, refusal: undefined, stored: null, reply: error };
  }
}

/** Returns the error for a request of which no message was accepted. */
export const refusalOf = (reply: SmtpReply): Failed =>
  new Failed(
    reply.code >= 500 ? 'refused' : 'try-later',
    [reply.code, reply.status ?? [], reply.text].flat().join(' '),
  );

/**
 * Renders a request and captures its messages, one after another. Nothing is captured if the request or one of its
 * messages exceeds a limit.
 *
 * @throws Failed if all messages were refused, unless `isInline` is set; some refused messages do not make the request fail, as with the
 *   recipients of an SMTP transaction
 */
export async function send(deps: ProviderDeps, call: Call, options: SendOptions): Promise<Sent> {
  const { items, facts = {} } = await render(deps, call, options);
  for (const { message } of items) {
    if (message !== undefined && message.raw.length > deps.maxMessageSize)
      throw new Failed('too-large', `The message is larger than ${deps.maxMessageSize} octets`);
  }
  const outcomes: Outcome[] = [];
  for (const { message, refusal } of items) {
    outcomes.push(
      message === undefined
        ? { message: null, refusal, stored: null, reply: null }
        : await captureOne(deps, call, options.provider, message),
    );
  }
  const replies = outcomes.flatMap(({ reply }) => (reply === null ? [] : [reply]));
  const last = replies.at(-1);
  if (options.isInline !== true && last !== undefined && replies.length === outcomes.length)
    throw refusalOf(last);
  return { outcomes, facts };
}
