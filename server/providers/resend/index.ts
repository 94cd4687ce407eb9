/** Resend's API: emails, batches and scheduled emails, and the lists that clients request to test a key. */
import type { SmtpReply } from '../../capture/submission.ts';
import { detailJob, type ContentDetail } from '../../service/reading/jobs.ts';
import { instant } from '../../service/present/instant.ts';
import { Failed, jsonAnswer, type Answer } from '../answer.ts';
import { once } from '../idempotency.ts';
import { Json } from '../json.ts';
import { bearerOf, type Call, type Handler, type Provider, type ProviderDeps } from '../provider.ts';
import { send, type Outcome } from '../send.ts';
import { sentMessage, sentMessages, type SentMessage } from '../sent.ts';
import { errorAnswer, failure, invalid, wrongMember } from './errors.ts';
import { MESSAGE_ID_DOMAIN } from './send.ts';

/** The maximum size of an email in octets, as Resend documents it (40 MB after Base64), with room for the JSON. */
const MAX_REQUEST = 48 * 1024 ** 2;
const MAX_IDEMPOTENCY_KEY = 256;
const LISTED = 20;
const MAX_LISTED = 100;

/** The key of the note with the changed time of a scheduled email. */
const SCHEDULE = 'resend-scheduled-at';
const CANCELED = 'canceled';
const SCHEDULED = 'scheduled';

const CONFLICTS = {
  otherRequest: () =>
    errorAnswer(
      409,
      'invalid_idempotent_request',
      'Same idempotency key used with a different request payload.',
    ),
  unfinished: () =>
    errorAnswer(
      409,
      'concurrent_idempotent_requests',
      'Same idempotency key used while original request is still in progress.',
    ),
};

/** Processes a request once if it has the field Idempotency-Key. */
function onceByKey({ store }: ProviderDeps, call: Call, work: () => Promise<Answer>): Promise<Answer> {
  const key = call.headers['idempotency-key'];
  const text = typeof key === 'string' ? key : undefined;
  if ((text?.length ?? 0) > MAX_IDEMPOTENCY_KEY) {
    const message = `The idempotency key must have at most ${MAX_IDEMPOTENCY_KEY} characters.`;
    return Promise.resolve(errorAnswer(400, 'invalid_idempotency_key', message));
  }
  return once(store, call, text, CONFLICTS, work);
}

const sendEmail: Handler = async (deps, call) =>
  onceByKey(deps, call, async () => {
    const { outcomes } = await send(deps, call, { provider: 'resend', renderer: 'resend' });
    return jsonAnswer({ id: outcomes[0]?.message?.id });
  });

const errorText = ({ code, text }: SmtpReply): string => `${code} ${text}`;

/** Returns the errors of a permissive batch: of invalid emails, and of emails that a rule refused. */
const batchErrors = (outcomes: readonly Outcome[]): readonly unknown[] =>
  outcomes.flatMap(({ refusal, reply }, index) => {
    if (reply !== null) return [{ index, message: errorText(reply) }];
    return refusal === undefined ? [] : [refusal];
  });

const sendBatch: Handler = async (deps, call) => {
  const mode = call.headers['x-batch-validation'] ?? 'strict';
  if (mode !== 'strict' && mode !== 'permissive')
    throw invalid('The `x-batch-validation` header must be `strict` or `permissive`.');
  return onceByKey(deps, call, async () => {
    const facts = { batch: mode };
    const { outcomes } = await send(deps, call, {
      ...{ provider: 'resend', renderer: 'resend', facts },
      isInline: mode === 'permissive',
    });
    const data = outcomes.flatMap(({ message, reply }) =>
      message === null || reply !== null ? [] : [{ id: message.id }],
    );
    return jsonAnswer(mode === 'strict' ? { data } : { data, errors: batchErrors(outcomes) });
  });
};

const addresses = (list: readonly { readonly name: string; readonly address: string }[]): string[] =>
  list.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`));

/** Returns the state of an email. An email that no tag marks as scheduled or canceled counts as delivered. */
function lastEvent({ message }: SentMessage): string {
  if (message.tags.includes(CANCELED)) return CANCELED;
  return message.tags.includes(SCHEDULED) ? SCHEDULED : 'delivered';
}

function scheduledAt({ message, facts }: SentMessage): string | null {
  const changed = message.notes[SCHEDULE];
  if (typeof changed === 'string') return changed;
  return new Json(facts.request).at('scheduled_at').text() ?? null;
}

function presentEmail(sent: SentMessage) {
  const { message, facts } = sent;
  const recipients = (list: SentMessage['message']['to']): string[] | null =>
    list.length === 0 ? null : addresses(list);
  return {
    id: facts.id,
    message_id: `<${message.messageId ?? ''}>`,
    to: addresses(message.to),
    from: addresses(message.from)[0] ?? '',
    created_at: instant(message.receivedAt),
    subject: message.subject,
    bcc: recipients(message.bcc),
    cc: recipients(message.cc),
    reply_to: recipients(message.replyTo),
    last_event: lastEvent(sent),
    scheduled_at: scheduledAt(sent),
  };
}

async function findEmail(deps: ProviderDeps, call: Call): Promise<SentMessage> {
  const sent = await sentMessage(deps, call, { provider: 'resend', id: call.params['id'] ?? '' });
  if (sent === undefined) throw new Failed('not-found', 'Email not found');
  return sent;
}

const getEmail: Handler = async (deps, call) => {
  const sent = await findEmail(deps, call);
  const output = await deps.reading.read(detailJob, sent.message, {});
  const { text, html } = JSON.parse(Buffer.from(output).toString()) as ContentDetail;
  const tags = new Json(sent.facts.request).at('tags').value ?? [];
  return jsonAnswer({ object: 'email', ...presentEmail(sent), html, text, tags });
};

function limitOf({ query }: Call): number {
  const text = query.get('limit') ?? String(LISTED);
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LISTED)
    throw invalid(`The \`limit\` must be a number from 1 to ${MAX_LISTED}.`);
  return limit;
}

/**
 * Lists emails, the newest first: the emails after the email `after`, or the emails directly before the email `before`.
 */
const listEmails: Handler = async (deps, call) => {
  const limit = limitOf(call);
  const [after, before] = [call.query.get('after'), call.query.get('before')];
  const listed: SentMessage[] = [];
  let hasMore = false;
  let isPast = after === null;
  for await (const sent of sentMessages(deps, call, {
    provider: 'resend',
    messageId: `@${MESSAGE_ID_DOMAIN}`,
  })) {
    if (before !== null && sent.facts.id === before) break;
    if (isPast) listed.push(sent);
    if (sent.facts.id === after) isPast = true;
    hasMore = listed.length > limit;
    if (hasMore && before === null) break;
  }
  const data = before === null ? listed.slice(0, limit) : listed.slice(-limit);
  return jsonAnswer({ object: 'list', has_more: hasMore, data: data.map(presentEmail) });
};

function checkScheduled(sent: SentMessage): void {
  if (lastEvent(sent) !== SCHEDULED) throw invalid('Only scheduled emails can be changed or canceled.');
}

const reschedule: Handler = async (deps, call) => {
  const sent = await findEmail(deps, call);
  checkScheduled(sent);
  const time = Json.parse(call.body).at('scheduled_at').required().text() ?? '';
  await deps.store.messages.annotate(sent.message.id, SCHEDULE, time);
  return jsonAnswer({ object: 'email', id: sent.facts.id });
};

const cancel: Handler = async (deps, call) => {
  const sent = await findEmail(deps, call);
  checkScheduled(sent);
  await deps.store.messages.tag([sent.message.id], [CANCELED], [SCHEDULED]);
  return jsonAnswer({ object: 'email', id: sent.facts.id });
};

const emptyList: Handler = async () => jsonAnswer({ object: 'list', has_more: false, data: [] });

export const resend: Provider = {
  name: 'resend',
  maxRequest: MAX_REQUEST,
  keyOf: bearerOf,
  failure,
  wrongMember,
  routes: [
    { method: 'POST', path: '/emails', run: sendEmail },
    { method: 'POST', path: '/emails/batch', run: sendBatch },
    { method: 'GET', path: '/emails', run: listEmails },
    { method: 'GET', path: '/emails/:id', run: getEmail },
    { method: 'PATCH', path: '/emails/:id', run: reschedule },
    { method: 'POST', path: '/emails/:id/cancel', run: cancel },
    { method: 'GET', path: '/domains', run: emptyList },
    { method: 'GET', path: '/api-keys', run: emptyList },
    { method: 'GET', path: '/contacts', run: emptyList },
    { method: 'GET', path: '/webhooks', run: emptyList },
  ],
};
