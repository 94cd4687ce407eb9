/**
 * Renders the OpenAPI document as an HTML page: every call with its parameters, without scripts and without
 * resources of other hosts.
 */
import { escapeHtml } from '../../../contract/text/html.ts';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Response {
  readonly description?: string;
  readonly $ref?: string;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
  /** The responses of an operation by status code, or by the key `default`. */
  readonly responses: Readonly<Record<string, Response>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly servers: readonly object[];
  readonly security: readonly object[];
  readonly tags: readonly object[];
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
    readonly license: object;
  };
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The components of the document by their name. */
type Schemas = ApiDocument['components']['schemas'];

const nameOf = ({ $ref }: Schema): string | undefined => $ref?.split('/').at(-1);

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return '';
  return nameOf(schema) ?? [schema.type ?? []].flat().join(' or ');
}

/** Returns the component to which a schema refers, or the schema itself. */
const resolve = (schema: Schema | undefined, schemas: Schemas): Schema | undefined =>
  schema?.$ref === undefined ? schema : schemas[nameOf(schema) ?? ''];

/** Converts a text to HTML; code in backticks becomes a `code` element. */
const markup = (text: string): string => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

function row(name: string, where: string, schema: Schema | undefined, required: boolean): string {
  const fallback = schema?.default === undefined ? '' : ` Default ${JSON.stringify(schema.default)}.`;
  const text = `${schema?.description ?? ''}${fallback}`;
  return `<tr><td><code>${escapeHtml(name)}</code>${required ? ' *' : ''}</td><td>${where}</td><td>${typeOf(schema)}</td><td>${markup(text)}</td></tr>`;
}

function operation(
  path: string,
  method: string,
  { summary, parameters = [], requestBody }: Operation,
  schemas: Schemas,
): string {
  const rows = parameters.map(({ name, in: where, required, schema, description }) =>
    row(name, where, { ...schema, ...(description === undefined ? {} : { description }) }, required === true),
  );
  for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) {
    const { properties = {}, required = [] } = resolve(schema, schemas) ?? {};
    for (const [name, property] of Object.entries(properties)) {
      rows.push(row(name, escapeHtml(type), property, required.includes(name)));
    }
  }
  const table = rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
  return `<section><h2><b>${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code></h2><p>${markup(summary ?? '')}</p>${table}</section>`;
}

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { font-size: 1rem; margin: 2rem 0 .25rem; } h2 b { color: #c2410c; } p { margin: .25rem 0; }
  table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid #8884; padding: .25rem .5rem; vertical-align: top; }
  td:first-child { white-space: nowrap; }`;

export function docsPage({ info, paths, components: { schemas } }: ApiDocument): string {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operation(path, method, described, schemas)),
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(info.title)} API</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>
<h1>${escapeHtml(info.title)} API ${escapeHtml(info.version)}</h1><p>${markup(info.description ?? '')}</p>
<p>As <a href="openapi.json">OpenAPI 3.1</a>. A star marks required parameters.</p>${sections.join('')}</body></html>`;
}
