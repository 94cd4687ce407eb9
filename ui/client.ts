/** The page's only API client: the client of the SDK, with the page's own address as its base URL. */
import { shallowRef } from 'vue';
import type { Problem } from '../contract/index.ts';
import { problemType } from '../contract/problems.ts';
import { createClient } from '../sdk/client.ts';
import { strings as s } from './strings.ts';

export { RestanteError } from '../sdk/errors.ts';

/**
 * The problem document of a server that refuses every request of this page: because of its origin, its host name or a
 * missing login.
 */
export const refusal = shallowRef<Problem | null>(null);

const REFUSED = new Set([401, 403, 421]);
const REASONS = new Set((['login', 'origin', 'host'] as const).map(problemType));

/** Stores the problem document of a response if the server refuses every request of this page. */
async function noteRefusal(response: Response): Promise<void> {
  if (!REFUSED.has(response.status)) return;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (problem !== null && REASONS.has(problem.type)) refusal.value = problem;
}

/**
 * Sends DELETE and PATCH requests with `keepalive`, so that the browser completes deletions and changes of
 * marks after the page is closed.
 */
const fetching: typeof fetch = async (input, init) => {
  const keepalive = /^(DELETE|PATCH)$/.test(init?.method ?? '');
  const response = await fetch(input, keepalive ? { ...init, keepalive } : init).catch((error: unknown) => {
    // A browser reports every failed connection as a `TypeError` with a text of its own, such as "Failed to fetch".
    throw error instanceof TypeError ? new Error(s.connection.unreachable, { cause: error }) : error;
  });
  void noteRefusal(response.clone());
  return response;
};

export const client = createClient({ url: document.baseURI, fetch: fetching });

/**
 * Checks whether the server refuses this page. The page cannot detect this otherwise: a failed WebSocket
 * reports no reason, and browsers send no Origin header with GET and HEAD.
 */
export async function checkAccess(): Promise<void> {
  await fetching(client.address('info'), { method: 'OPTIONS' }).catch(() => undefined);
}

/** Returns the message of an error, to be shown to the user. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
