/** SendGrid's Web API v3: mail, dynamic templates, and the small calls that clients make to test a key. */
import { randomBytes, randomUUID } from 'node:crypto';
import { emptyAnswer, Failed, jsonAnswer } from '../answer.ts';
import { Json } from '../json.ts';
import { bearerOf, type Handler, type Provider } from '../provider.ts';
import { send } from '../send.ts';
import { allTemplates, templatesOf } from '../template.ts';
import type { StoredTemplate } from '../render.ts';
import { failure, wrongMember } from './errors.ts';

/** The maximum size of a request, as SendGrid documents it. */
const MAX_REQUEST = 30 * 1024 ** 2;

const sendMail: Handler = async (deps, call) => {
  const templates = await allTemplates(templatesOf(deps.store, 'sendgrid'));
  const { facts } = await send(deps, call, { provider: 'sendgrid', renderer: 'sendgrid', templates });
  if (facts['isSandbox'] === true) return emptyAnswer(200);
  return emptyAnswer(202, { 'x-message-id': String(facts['id']) });
};

/** Formats a time as SendGrid does: `2026-11-23 10:00:00`. */
const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** A version of a template. Restante stores the active version, and no other versions. */
interface Version {
  readonly id: string;
  readonly name: string;
}

function presentTemplate(id: string, { name, subject, text, html, updatedAt, more }: StoredTemplate) {
  const version = more as Version | undefined;
  const shared = { template_id: id, active: 1, editor: 'code', updated_at: timeOf(updatedAt) };
  const versions =
    version === undefined
      ? []
      : [{ ...version, ...shared, subject, html_content: html, plain_content: text }];
  return { id, name, generation: 'dynamic', updated_at: timeOf(updatedAt), versions };
}

const unknownTemplate = (id: string): Failed => new Failed('not-found', `The template ${id} does not exist`);

const createTemplate: Handler = async ({ store }, { body, now }) => {
  const name = Json.parse(body).at('name').required().text() ?? '';
  const id = `d-${randomUUID().replaceAll('-', '')}`;
  const template = { name, subject: '', text: '', html: '', updatedAt: now };
  await templatesOf(store, 'sendgrid').put(id, template);
  return jsonAnswer(presentTemplate(id, template), 201);
};

const listTemplates: Handler = async ({ store }) => {
  const templates = await templatesOf(store, 'sendgrid').list();
  const result = templates.map(({ key, value }) => presentTemplate(key, value));
  return jsonAnswer({ result, _metadata: { count: result.length } });
};

const getTemplate: Handler = async ({ store }, { params }) => {
  const id = params['id'] ?? '';
  const template = await templatesOf(store, 'sendgrid').get(id);
  if (template === undefined) throw unknownTemplate(id);
  return jsonAnswer(presentTemplate(id, template));
};

const renameTemplate: Handler = async ({ store }, { params, body, now }) => {
  const id = params['id'] ?? '';
  const name = Json.parse(body).at('name').required().text() ?? '';
  const changed = await templatesOf(store, 'sendgrid').update(id, (known) =>
    known === undefined ? undefined : { ...known, name, updatedAt: now },
  );
  if (changed === undefined) throw unknownTemplate(id);
  return jsonAnswer(presentTemplate(id, changed));
};

const deleteTemplate: Handler = async ({ store }, { params }) => {
  const id = params['id'] ?? '';
  if (!(await templatesOf(store, 'sendgrid').delete(id))) throw unknownTemplate(id);
  return emptyAnswer(204);
};

/**
 * Stores the content of a template. A version that already exists is replaced: the version that was stored last is
 * active.
 */
const putVersion: Handler = async ({ store }, { method, params, body, now }) => {
  const id = params['id'] ?? '';
  const json = Json.parse(body);
  const changed = await templatesOf(store, 'sendgrid').update(id, (known) => {
    if (known === undefined) return undefined;
    const version = known.more as Version | undefined;
    return {
      name: known.name,
      subject: json.at('subject').text() ?? known.subject,
      text: json.at('plain_content').text() ?? known.text,
      html: json.at('html_content').text() ?? known.html,
      updatedAt: now,
      more: {
        id: params['version'] ?? randomUUID(),
        name: json.at('name').text() ?? version?.name ?? known.name,
      },
    };
  });
  if (changed === undefined) throw unknownTemplate(id);
  return jsonAnswer(presentTemplate(id, changed).versions[0], method === 'POST' ? 201 : 200);
};

export const sendgrid: Provider = {
  name: 'sendgrid',
  maxRequest: MAX_REQUEST,
  keyOf: bearerOf,
  failure,
  wrongMember,
  routes: [
    { method: 'POST', path: '/v3/mail/send', run: sendMail },
    {
      method: 'POST',
      path: '/v3/mail/batch',
      run: async () => jsonAnswer({ batch_id: randomBytes(24).toString('base64url') }, 201),
    },
    {
      method: 'GET',
      path: '/v3/mail/batch/:id',
      run: async (_deps, { params }) => jsonAnswer({ batch_id: params['id'] }),
    },
    {
      method: 'GET',
      path: '/v3/scopes',
      run: async () => jsonAnswer({ scopes: ['mail.send', 'mail.batch.create', 'templates.read'] }),
    },
    { method: 'GET', path: '/v3/templates', run: listTemplates },
    { method: 'POST', path: '/v3/templates', run: createTemplate },
    { method: 'GET', path: '/v3/templates/:id', run: getTemplate },
    { method: 'PATCH', path: '/v3/templates/:id', run: renameTemplate },
    { method: 'DELETE', path: '/v3/templates/:id', run: deleteTemplate },
    { method: 'POST', path: '/v3/templates/:id/versions', run: putVersion },
    { method: 'PATCH', path: '/v3/templates/:id/versions/:version', run: putVersion },
  ],
};
