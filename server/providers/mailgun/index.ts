/** Mailgun's API: messages, MIME messages, templates and events. */
import type { IncomingHttpHeaders } from 'node:http';
import { Failed, jsonAnswer } from '../answer.ts';
import { Form } from '../form.ts';
import { Json } from '../json.ts';
import type { Call, Handler, Provider } from '../provider.ts';
import { send } from '../send.ts';
import { sentMessages, type SentMessage } from '../sent.ts';
import { allTemplates, templatesOf } from '../template.ts';
import { failure, invalid, wrongMember } from './errors.ts';

/** The maximum size of a request in octets: Mailgun accepts messages of 25 MB, and Base64 makes MIME larger. */
const MAX_REQUEST = 40 * 1024 ** 2;
/** The default and the maximum number of events in a page. */
const MAX_EVENTS = 300;

/** Returns the password of a field `Authorization: Basic …` with the user `api` (RFC 7617). */
function keyOf({ authorization }: IncomingHttpHeaders): string | null {
  const match = /^basic\s+(\S+)$/i.exec(authorization ?? '');
  const login = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8');
  return /^api:(.+)$/s.exec(login)?.[1] ?? null;
}

const domainOf = ({ params }: Call): string => (params['domain'] ?? '').toLowerCase();

const sending =
  (facts: Readonly<Record<string, string>>): Handler =>
  async (deps, call) => {
    const { outcomes } = await send(deps, call, {
      ...{ provider: 'mailgun', renderer: 'mailgun' },
      facts: { ...facts, domain: domainOf(call) },
      templates: await allTemplates(templatesOf(deps.store, 'mailgun')),
    });
    return jsonAnswer({ id: `<${outcomes[0]?.message?.id ?? ''}>`, message: 'Queued. Thank you.' });
  };

const templateKey = (call: Call, name: string): string => `${domainOf(call)}/${name.toLowerCase()}`;

/** Returns the links of a list that has one page: the official client requires the URLs of these links. */
const onePage = ({ url }: Call) => ({
  first: `${url}?page=first`,
  last: `${url}?page=last`,
  next: `${url}?page=next`,
  previous: `${url}?page=previous`,
});

const present = (name: string, updatedAt: number) => ({ name, createdAt: new Date(updatedAt).toUTCString() });

const createTemplate: Handler = async ({ store }, call) => {
  const form = await Form.parse(call.body, call.headers['content-type'] ?? '');
  const name = form.text('name')?.toLowerCase() ?? '';
  if (name === '') throw invalid("'name' parameter is missing");
  const template = { name, subject: '', text: '', html: form.text('template') ?? '', updatedAt: call.now };
  await templatesOf(store, 'mailgun').put(templateKey(call, name), template);
  return jsonAnswer({ message: 'template has been stored', template: present(name, call.now) });
};

const listTemplates: Handler = async ({ store }, call) => {
  const all = await templatesOf(store, 'mailgun').list();
  const own = all.filter(({ key }) => key.startsWith(`${domainOf(call)}/`));
  return jsonAnswer({
    items: own.map(({ value }) => present(value.name, value.updatedAt)),
    paging: onePage(call),
  });
};

const deleteTemplate: Handler = async ({ store }, call) => {
  const name = call.params['name'] ?? '';
  if (!(await templatesOf(store, 'mailgun').delete(templateKey(call, name))))
    throw new Failed('not-found', 'template not found');
  return jsonAnswer({ message: 'template has been deleted', template: { name } });
};

/**
 * Returns the events of one message: for each recipient, an event that the message was accepted and an event that it
 * was delivered.
 */
function eventsOf({ message, facts }: SentMessage): readonly { event: string }[] {
  const request = new Json(facts.request);
  const tags = request.at('o:tag');
  const shared = {
    'log-level': 'info',
    tags: tags.isList ? tags.value : tags.isAbsent ? [] : [tags.value],
    flags: { 'is-test-mode': message.tags.includes('sandbox'), 'is-authenticated': true },
    envelope: { transport: 'smtp', sender: message.envelope.from },
    message: {
      headers: {
        'message-id': message.messageId,
        to: message.to.map(({ address }) => address).join(', '),
        from: message.from[0]?.address ?? '',
        subject: message.subject,
      },
      size: message.size,
      attachments: [],
    },
  };
  return message.envelope.to.flatMap((recipient, index) =>
    ['delivered', 'accepted'].map((event) => ({
      ...{ event, recipient, ...shared },
      id: `${message.id}-${index}-${event}`,
      timestamp: message.receivedAt / 1000,
      'recipient-domain': recipient.split('@').at(-1) ?? '',
    })),
  );
}

/** Lists the newest events, optionally only those of one kind or for one recipient. */
const listEvents: Handler = async (deps, call) => {
  const { query } = call;
  const limit = Math.min(Number(query.get('limit') ?? MAX_EVENTS) || MAX_EVENTS, MAX_EVENTS);
  const wanted = (event: object): boolean =>
    ['event', 'recipient'].every((name) => {
      const value = query.get(name);
      return value === null || new Json(event).at(name).text() === value;
    });
  const items: object[] = [];
  const sent = sentMessages(deps, call, { provider: 'mailgun', messageId: `@${domainOf(call)}` });
  for await (const message of sent) {
    items.push(...eventsOf(message).filter(wanted));
    if (items.length >= limit) break;
  }
  return jsonAnswer({ items: items.slice(0, limit), paging: onePage(call) });
};

const noDomains: Handler = async () => jsonAnswer({ total_count: 0, items: [] });

export const mailgun: Provider = {
  name: 'mailgun',
  maxRequest: MAX_REQUEST,
  keyOf,
  failure,
  wrongMember,
  routes: [
    { method: 'POST', path: '/v3/:domain/messages', run: sending({}) },
    { method: 'POST', path: '/v3/:domain/messages.mime', run: sending({ mime: 'yes' }) },
    { method: 'GET', path: '/v3/:domain/events', run: listEvents },
    { method: 'GET', path: '/v3/:domain/templates', run: listTemplates },
    { method: 'POST', path: '/v3/:domain/templates', run: createTemplate },
    { method: 'DELETE', path: '/v3/:domain/templates/:name', run: deleteTemplate },
    { method: 'GET', path: '/v3/domains', run: noDomains },
    { method: 'GET', path: '/v4/domains', run: noDomains },
  ],
};
