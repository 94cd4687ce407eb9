/**
 * Renders the OpenAPI document as an HTML page: every call with its parameters, without scripts and without
 * resources of other hosts.
 */
import { escapeHtml } from '../../../contract/text/html.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Schema {
  readonly type?: string;
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
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  /** The responses of an operation by status code, or by the key `default`. */
  readonly responses: Readonly<Record<string, Response>>;
}

export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

function row(name: string, where: string, schema: Schema | undefined, required: boolean): string {
  const fallback = schema?.default === undefined ? '' : ` Default ${JSON.stringify(schema.default)}.`;
  const text = `${schema?.description ?? ''}${fallback}`;
  return `<tr><td><code>${escapeHtml(name)}</code>${required ? ' *' : ''}</td><td>${where}</td><td>${schema?.type ?? ''}</td><td>${escapeHtml(text)}</td></tr>`;
}

function operation(
  path: string,
  method: string,
  { summary, parameters = [], requestBody }: Operation,
): string {
  const rows = parameters.map(({ name, in: where, required, schema, description }) =>
    row(name, where, { ...schema, ...(description === undefined ? {} : { description }) }, required === true),
  );
  for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) {
    for (const [name, property] of Object.entries(schema?.properties ?? {})) {
      rows.push(row(name, escapeHtml(type), property, schema?.required?.includes(name) === true));
    }
  }
  const table = rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
  return `<section><h2><b>${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code></h2><p>${escapeHtml(summary ?? '')}</p>${table}</section>`;
}

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { font-size: 1rem; margin: 2rem 0 .25rem; } h2 b { color: #c2410c; } p { margin: .25rem 0; }
  table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid #8884; padding: .25rem .5rem; vertical-align: top; }
  td:first-child { white-space: nowrap; }`;

export function docsPage({ info, paths }: ApiDocument): string {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operation(path, method, described)),
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(info.title)} API</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>
<h1>${escapeHtml(info.title)} API ${escapeHtml(info.version)}</h1><p>${escapeHtml(info.description ?? '')}</p>
<p>As <a href="openapi.json">OpenAPI 3.1</a>. A star marks required parameters.</p>${sections.join('')}</body></html>`;
}
