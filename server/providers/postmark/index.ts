/** Postmark's API: emails, batches, templates, and the sent messages. */
import type { IncomingHttpHeaders } from 'node:http';
import { detailJob, type ContentDetail } from '../../service/reading/jobs.ts';
import { instant } from '../../service/present/instant.ts';
import { jsonAnswer } from '../answer.ts';
import { Json } from '../json.ts';
import type { Call, Handler, Provider, ProviderDeps } from '../provider.ts';
import { refusalOf, send, type Outcome } from '../send.ts';
import { sentMessage, sentMessages, type SentMessage } from '../sent.ts';
import { allTemplates, templatesOf } from '../template.ts';
import { errorAnswer, failure, invalid, wrongMember } from './errors.ts';
import { MESSAGE_ID_DOMAIN } from './send.ts';
import {
  createTemplate,
  deleteTemplate,
  editTemplate,
  getTemplate,
  listTemplates,
  validateTemplate,
} from './templates.ts';

/** The maximum size of a request in octets: Postmark accepts batches of 50 MB. */
const MAX_REQUEST = 50 * 1024 ** 2;
const MAX_LISTED = 500;

/** The token with which Postmark validates a request without sending a message. */
const TEST_TOKEN = 'POSTMARK_API_TEST';

function tokenOf(headers: IncomingHttpHeaders): string | null {
  const token = headers['x-postmark-server-token'];
  return typeof token === 'string' && token.trim() !== '' ? token.trim() : null;
}

/** Returns the members of a stored request that the response repeats. */
function addressesOf(request: unknown) {
  const json = new Json(request);
  const names = ['To', 'Cc', 'Bcc'].map((name) => [name, json.at(name).text()] as const);
  return Object.fromEntries(names.filter(([, text]) => text !== undefined && text !== ''));
}

/** Returns the part of the response about one email. */
function presentOutcome({ message, refusal, reply }: Outcome, { key, now }: Call): unknown {
  if (message === null) return refusal;
  if (reply !== null) return JSON.parse(failure(refusalOf(reply).failure).body) as unknown;
  return {
    ...addressesOf(message.request),
    SubmittedAt: instant(now),
    MessageID: message.id,
    ErrorCode: 0,
    Message: key === TEST_TOKEN ? 'Test job accepted' : 'OK',
  };
}

/** Returns the handler of the calls that send. `facts` names the form of the request for the rendering. */
const sending =
  (facts: Readonly<Record<string, string>>): Handler =>
  async (deps, call) => {
    const isBatch = facts['batch'] !== undefined;
    const { outcomes } = await send(deps, call, {
      ...{ provider: 'postmark', renderer: 'postmark' },
      facts: call.key === TEST_TOKEN ? { ...facts, test: 'yes' } : facts,
      templates:
        facts['template'] === undefined ? {} : await allTemplates(templatesOf(deps.store, 'postmark')),
      isInline: isBatch,
    });
    const results = outcomes.map((outcome) => presentOutcome(outcome, call));
    return jsonAnswer(isBatch ? results : results[0]);
  };

function presentSent({ message, facts }: SentMessage) {
  const request = new Json(facts.request);
  const people = (list: SentMessage['message']['to']) =>
    list.map(({ name, address }) => ({ Email: address, Name: name === '' ? null : name }));
  return {
    Tag: request.at('Tag').text() ?? null,
    MessageID: facts.id,
    MessageStream: request.at('MessageStream').text() ?? 'outbound',
    To: people(message.to),
    Cc: people(message.cc),
    Bcc: people(message.bcc),
    Recipients: [...message.envelope.to],
    ReceivedAt: instant(message.receivedAt),
    From: request.at('From').text() ?? '',
    Subject: message.subject,
    Attachments: request
      .at('Attachments')
      .items()
      .map((item) => item.at('Name').text()),
    Status: 'Sent',
    TrackOpens: request.at('TrackOpens').boolean(),
    TrackLinks: request.at('TrackLinks').text() ?? 'None',
    Metadata: request.at('Metadata').value ?? {},
    Sandboxed: message.tags.includes('sandbox'),
  };
}

function numberOf({ query }: Call, name: string, highest: number): number {
  const text = query.get(name) ?? '';
  if (!/^\d{1,6}$/.test(text) || Number(text) > highest)
    throw invalid(`The parameter '${name}' must be a number from 0 to ${highest}.`);
  return Number(text);
}

/** Lists sent messages, the newest first, optionally only those with one recipient, subject, tag or stream. */
const listMessages: Handler = async (deps, call) => {
  const [count, offset] = [numberOf(call, 'count', MAX_LISTED), numberOf(call, 'offset', 10_000)];
  const { query } = call;
  const isWanted = ({ Recipients, Subject, Tag, MessageStream }: ReturnType<typeof presentSent>): boolean => {
    const has = (name: string, value: string): boolean =>
      query.get(name) === null || query.get(name) === value;
    const recipient = query.get('recipient')?.toLowerCase();
    return (
      (recipient === undefined || Recipients.some((address) => address.toLowerCase() === recipient)) &&
      Subject.toLowerCase().includes(query.get('subject')?.toLowerCase() ?? '') &&
      has('tag', Tag ?? '') &&
      has('messagestream', MessageStream)
    );
  };
  const found: unknown[] = [];
  for await (const sent of sentMessages(deps, call, {
    provider: 'postmark',
    messageId: `@${MESSAGE_ID_DOMAIN}`,
  })) {
    const presented = presentSent(sent);
    if (isWanted(presented)) found.push(presented);
  }
  return jsonAnswer({ TotalCount: found.length, Messages: found.slice(offset, offset + count) });
};

async function findSent(deps: ProviderDeps, call: Call): Promise<SentMessage> {
  const id = call.params['id'] ?? '';
  const sent = await sentMessage(deps, call, { provider: 'postmark', id });
  if (sent === undefined) throw invalid(`The message '${id}' was not found.`, 701);
  return sent;
}

const getDetails: Handler = async (deps, call) => {
  const sent = await findSent(deps, call);
  const output = await deps.reading.read(detailJob, sent.message, {});
  const { text, html } = JSON.parse(Buffer.from(output).toString()) as ContentDetail;
  return jsonAnswer({ ...presentSent(sent), TextBody: text, HtmlBody: html, MessageEvents: [] });
};

const getDump: Handler = async (deps, call) => {
  const { message } = await findSent(deps, call);
  const raw = await deps.store.messages.raw(message.id);
  return raw === undefined
    ? errorAnswer(701, 'The message was deleted.')
    : jsonAnswer({ Body: raw.toString('utf8') });
};

const fixed =
  (value: unknown): Handler =>
  async () =>
    jsonAnswer(value);

const SERVER = {
  ...{ ID: 1, Name: 'Restante', ApiTokens: [], Color: 'Grey', SmtpApiActivated: true },
  ...{ RawEmailEnabled: false, DeliveryType: 'Sandbox', TrackOpens: false, TrackLinks: 'None' },
};
const STREAMS = ['outbound', 'broadcast', 'inbound'].map((id) => ({
  ID: id,
  ServerID: 1,
  Name: id,
  MessageStreamType: { outbound: 'Transactional', broadcast: 'Broadcasts', inbound: 'Inbound' }[id],
}));

export const postmark: Provider = {
  name: 'postmark',
  maxRequest: MAX_REQUEST,
  keyOf: tokenOf,
  failure,
  wrongMember,
  routes: [
    { method: 'POST', path: '/email', run: sending({}) },
    { method: 'POST', path: '/email/batch', run: sending({ batch: 'yes' }) },
    { method: 'POST', path: '/email/withTemplate', run: sending({ template: 'yes' }) },
    { method: 'POST', path: '/email/batchWithTemplates', run: sending({ batch: 'yes', template: 'yes' }) },
    { method: 'GET', path: '/templates', run: listTemplates },
    { method: 'POST', path: '/templates', run: createTemplate },
    { method: 'POST', path: '/templates/validate', run: validateTemplate },
    { method: 'GET', path: '/templates/:id', run: getTemplate },
    { method: 'PUT', path: '/templates/:id', run: editTemplate },
    { method: 'DELETE', path: '/templates/:id', run: deleteTemplate },
    { method: 'GET', path: '/messages/outbound', run: listMessages },
    { method: 'GET', path: '/messages/outbound/:id/details', run: getDetails },
    { method: 'GET', path: '/messages/outbound/:id/dump', run: getDump },
    { method: 'GET', path: '/server', run: fixed(SERVER) },
    {
      method: 'GET',
      path: '/message-streams',
      run: fixed({ MessageStreams: STREAMS, TotalCount: STREAMS.length }),
    },
    // The official client and Postmark's documentation write this path in different ways.
    { method: 'GET', path: '/deliverystats', run: fixed({ InactiveMails: 0, Bounces: [] }) },
    { method: 'GET', path: '/deliveryStats', run: fixed({ InactiveMails: 0, Bounces: [] }) },
    { method: 'GET', path: '/bounces', run: fixed({ TotalCount: 0, Bounces: [] }) },
    { method: 'GET', path: '/webhooks', run: fixed({ Webhooks: [] }) },
  ],
};
