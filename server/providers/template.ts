/** Renders the templates that applications store with a provider, and stores them. */
import Handlebars from 'handlebars';
import type { ProviderName } from '../../contract/names.ts';
import type { RecordSet, Store } from '../store/store.ts';
import type { StoredTemplate } from './render.ts';

/** The error of a template that cannot be parsed or rendered; the message contains the line. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

export interface TemplateOptions {
  /** The additional helpers of the provider's template language, by name. */
  readonly helpers?: Readonly<Record<string, Handlebars.HelperDelegate>>;
  /** Whether a variable without a value is an error; otherwise, the variable is replaced by nothing. */
  readonly strict?: boolean;
}

/** A part of a template: HTML escapes the values of variables, a text does not. */
export type TemplateKind = 'html' | 'text';

/**
 * Renders a template in the language of Handlebars, of which the languages of the providers are subsets.
 *
 * @throws TemplateError
 */
export function renderTemplate(
  source: string,
  data: unknown,
  kind: TemplateKind,
  { helpers = {}, strict = false }: TemplateOptions = {},
): string {
  const engine = Handlebars.create();
  for (const [name, helper] of Object.entries(helpers)) engine.registerHelper(name, helper);
  try {
    return engine.compile(source, { noEscape: kind === 'text', strict })(data ?? {});
  } catch (error) {
    throw new TemplateError((error as Error).message);
  }
}

/** Returns the stored templates of a provider. */
export const templatesOf = ({ records }: Pick<Store, 'records'>, provider: ProviderName) =>
  records.collection<StoredTemplate>(`provider-templates-${provider}`);

export async function allTemplates(
  templates: RecordSet<StoredTemplate>,
): Promise<Readonly<Record<string, StoredTemplate>>> {
  const listed = await templates.list();
  return Object.fromEntries(listed.map(({ key, value }) => [key, value]));
}
