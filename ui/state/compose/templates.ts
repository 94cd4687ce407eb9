/**
 * The user's own templates for new messages. This browser stores them, like the drafts, because the server does not
 * know its users.
 */
import { useLocalStorage } from '@vueuse/core';
import type { Draft } from './drafts.ts';

/** The fields of a draft that a template fills in. */
const FIELDS = ['from', 'to', 'cc', 'bcc', 'subject', 'text', 'html'] as const;
type TemplateFields = Pick<Draft, (typeof FIELDS)[number]>;

export interface Template extends TemplateFields {
  readonly name: string;
}

/** The maximum number of stored templates; the oldest template is removed first. */
const KEPT = 50;

export const templates = useLocalStorage<Template[]>('restante.templates', []);

const fieldsOf = ({ from, to, cc, bcc, subject, text, html }: TemplateFields): TemplateFields => ({
  ...{ from, to, cc, bcc, subject, text, html },
});

/** Stores the fields of a draft as a template; a template of the same name is replaced. */
export function saveTemplate(name: string, draft: TemplateFields): void {
  const others = templates.value.filter((one) => one.name !== name);
  templates.value = [...others, { name, ...fieldsOf(draft) }].slice(-KEPT);
}

/** Removes a template; returns a function that restores it. */
export function removeTemplate(name: string): () => void {
  const before = templates.value;
  templates.value = before.filter((one) => one.name !== name);
  return () => void (templates.value = before);
}

/**
 * Fills a template into a draft. A field that is empty in the template keeps its value, so that a reply keeps its
 * recipient. Returns a function that restores the former values.
 */
export function applyTemplate(template: Template, draft: TemplateFields): () => void {
  const before = fieldsOf(draft);
  for (const field of FIELDS) if (template[field] !== '') draft[field] = template[field];
  return () => void Object.assign(draft, before);
}
