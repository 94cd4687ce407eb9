/** The one client of this page: the sdk's, at the address the page came from. */
import { shallowRef } from 'vue';
import type { Problem } from '../contract/index.ts';
import { problemType } from '../contract/problems.ts';
import { createClient } from '../sdk/client.ts';

export { RestanteError } from '../sdk/errors.ts';

/** The server's reason for not answering this page at all: its origin, its name or a login. */
export const refusal = shallowRef<Problem | null>(null);

const REFUSED = new Set([401, 403, 421]);
const REASONS = new Set((['login', 'origin', 'host'] as const).map(problemType));

/** Keeps why the server refuses the page, where it does. */
async function noteRefusal(response: Response): Promise<void> {
  if (!REFUSED.has(response.status)) return;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (problem !== null && REASONS.has(problem.type)) refusal.value = problem;
}

/** Deletions and marks may be sent while the page goes away: the browser then finishes it. */
const fetching: typeof fetch = async (input, init) => {
  const keepalive = /^(DELETE|PATCH)$/.test(init?.method ?? '');
  const response = await fetch(input, keepalive ? { ...init, keepalive } : init);
  void noteRefusal(response.clone());
  return response;
};

export const client = createClient({ url: document.baseURI, fetch: fetching });

/**
 * Finds out whether the server refuses this page, of which a WebSocket says nothing and lists know nothing: browsers
 * send Origin with neither GET nor HEAD.
 */
export async function checkAccess(): Promise<void> {
  await fetching(client.address('info'), { method: 'OPTIONS' }).catch(() => undefined);
}

/** What went wrong, in words for the reader. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
