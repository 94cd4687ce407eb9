/** The calls for Postmark's templates. */
import { randomInt } from 'node:crypto';
import { jsonAnswer } from '../answer.ts';
import { Json } from '../json.ts';
import type { Call, Handler, ProviderDeps } from '../provider.ts';
import type { StoredTemplate } from '../render.ts';
import { renderTemplate, TemplateError, templatesOf, type TemplateKind } from '../template.ts';
import { CODES, invalid } from './errors.ts';
import { aliasOf } from './send.ts';

interface Found {
  readonly id: string;
  readonly template: StoredTemplate;
}

/** Finds the template that the path names by its id or its alias. */
async function find({ store }: ProviderDeps, { params }: Call): Promise<Found> {
  const name = params['id'] ?? '';
  const templates = templatesOf(store, 'postmark');
  const byId = await templates.get(name);
  if (byId !== undefined) return { id: name, template: byId };
  const byAlias = (await templates.list()).find(({ value }) => aliasOf(value.more) === name);
  if (byAlias !== undefined) return { id: byAlias.key, template: byAlias.value };
  throw invalid(`The Template's 'TemplateId' or 'Alias' was not found: ${name}.`, CODES.template);
}

const present = (id: string, { name, more }: StoredTemplate) => ({
  TemplateId: Number(id),
  Name: name,
  Active: true,
  Alias: aliasOf(more),
  TemplateType: 'Standard',
  LayoutTemplate: null,
});

/** Returns a template with the members of the body; all other members are unchanged. */
function changed(json: Json, known: StoredTemplate | undefined, now: number): StoredTemplate {
  const name = json.at('Name').text() ?? known?.name;
  if (name === undefined) throw json.at('Name').required().wrong('is required');
  return {
    name,
    subject: json.at('Subject').text() ?? known?.subject ?? '',
    text: json.at('TextBody').text() ?? known?.text ?? '',
    html: json.at('HtmlBody').text() ?? known?.html ?? '',
    updatedAt: now,
    more: { alias: json.at('Alias').text() ?? aliasOf(known?.more) },
  };
}

export const createTemplate: Handler = async ({ store }, { body, now }) => {
  const id = String(randomInt(1_000_000, 2_000_000_000));
  const template = changed(Json.parse(body), undefined, now);
  await templatesOf(store, 'postmark').put(id, template);
  return jsonAnswer(present(id, template));
};

export const listTemplates: Handler = async ({ store }, { query }) => {
  const listed = await templatesOf(store, 'postmark').list();
  const [offset, count] = [Number(query.get('Offset') ?? query.get('offset') ?? 0), 500];
  const page = listed.slice(offset, offset + Number(query.get('Count') ?? query.get('count') ?? count));
  return jsonAnswer({
    TotalCount: listed.length,
    Templates: page.map(({ key, value }) => present(key, value)),
  });
};

export const getTemplate: Handler = async (deps, call) => {
  const { id, template } = await find(deps, call);
  const { subject, text, html } = template;
  return jsonAnswer({
    ...present(id, template),
    ...{ Subject: subject, TextBody: text, HtmlBody: html, AssociatedServerId: 1 },
  });
};

export const editTemplate: Handler = async (deps, call) => {
  const { id, template } = await find(deps, call);
  const next = changed(Json.parse(call.body), template, call.now);
  await templatesOf(deps.store, 'postmark').put(id, next);
  return jsonAnswer(present(id, next));
};

export const deleteTemplate: Handler = async (deps, call) => {
  const { id } = await find(deps, call);
  await templatesOf(deps.store, 'postmark').delete(id);
  return jsonAnswer({ ErrorCode: 0, Message: `Template ${id} removed.` });
};

/** Renders one part of a template for the call that validates a template. */
function validated(source: string | undefined, model: unknown, kind: TemplateKind) {
  if (source === undefined) return null;
  const result = { ContentIsValid: true, ValidationErrors: [] as object[] };
  try {
    return { ...result, RenderedContent: renderTemplate(source, model, kind) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const [line] = /(?<=line )\d+/.exec(error.message) ?? ['1'];
    const errors = [{ Message: error.message, Line: Number(line), CharacterPosition: 1 }];
    return { ContentIsValid: false, ValidationErrors: errors, RenderedContent: null };
  }
}

export const validateTemplate: Handler = async (_deps, { body }) => {
  const json = Json.parse(body);
  const model = json.at('TestRenderModel').value ?? {};
  const parts = {
    HtmlBody: validated(json.at('HtmlBody').text(), model, 'html'),
    TextBody: validated(json.at('TextBody').text(), model, 'text'),
    Subject: validated(json.at('Subject').text(), model, 'text'),
  };
  const isValid = Object.values(parts).every((part) => part === null || part.ContentIsValid);
  return jsonAnswer({ AllContentIsValid: isValid, ...parts, SuggestedTemplateModel: {} });
};
