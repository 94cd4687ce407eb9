/** The one client of this page: the sdk's, at the address the page came from. */
import { createClient } from '../sdk/client.ts';

export { RestanteError } from '../sdk/errors.ts';

/** Deletions and marks may be sent while the page goes away: the browser then finishes it. */
const fetching: typeof fetch = (input, init) =>
  fetch(input, /^(DELETE|PATCH)$/.test(init?.method ?? '') ? { ...init, keepalive: true } : init);

export const client = createClient({ url: document.baseURI, fetch: fetching });

/** What went wrong, in words for the reader. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
