/**
 * Renders a problem document as an HTML page without scripts, for a person who opens a URL in a browser: the
 * page shows the error, and what the person can do.
 */
import { escapeHtml } from '../../../contract/text/html.ts';
import type { Problem } from '../../../contract/index.ts';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; place-items: center; min-height: 90vh; margin: 0; }
  main { max-width: 38rem; padding: 1.5rem; overflow-wrap: anywhere; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; } p { margin: .5rem 0; }
  code { display: block; padding: .5rem .75rem; border: 1px solid #8886; border-radius: .375rem; user-select: all; }
  small { opacity: .7; }`;

/** @param link a URL that the page offers to open instead of the requested URL; `null` if there is none */
export function problemPage(
  { title, status, detail = '', option }: Problem,
  link: string | null = null,
): string {
  const toDo = option === undefined ? '' : `<p>Start Restante with</p><code>${escapeHtml(option)}</code>`;
  const instead = link === null ? '' : `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body><main>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p>${toDo}${instead}<p><small>Restante, status ${status}</small></p></main></body></html>`;
}
