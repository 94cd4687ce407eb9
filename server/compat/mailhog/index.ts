/**
 * Answers as MailHog does: its API at `/api/v2` and at those paths of `/api/v1` that Mailpit does not have, and all of
 * it also below `/mailhog`. With `--as mailhog`, the list at `/api/v1/messages` is that of MailHog, too.
 */
import type { FastifyInstance } from 'fastify';
import { textAnswer } from '../answer.ts';
import type { CompatDeps } from '../call.ts';
import { registerTool, type Tool } from '../door.ts';
import { streamSocket } from './events.ts';

/** Returns whether a path below the base path of the server is the path of MailHog's WebSocket. */
export const isMailhogEvents = (path: string): boolean =>
  /^(?:mailhog\/(?:accounts\/[^/]+\/)?)?api\/v2\/websocket$/.test(path);

/** The path of MailHog's API that Mailpit's API has, too. */
const SHARED = '/api/v1/messages';

const mailhog: Tool = {
  name: 'mailhog',
  paths: ['/api/v1/messages/:id', '/api/v1/messages/:id/*', '/api/v1/events', '/api/v2/*'],
  load: async () => (await import('../calls.ts')).mailhog,
  failure: (message, status) => textAnswer(status === 401 ? 'Unauthorized\n' : message, status),
  events: {
    paths: ['/api/v2/websocket', '/mailhog/api/v2/websocket', '/mailhog/accounts/:account/api/v2/websocket'],
    stream: streamSocket,
  },
};

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function mailhogRoutes(app: FastifyInstance, deps: CompatDeps): Promise<void> {
  const shared = deps.as === 'mailhog' ? [SHARED] : [];
  registerTool(app, deps, { ...mailhog, paths: [...mailhog.paths, ...shared], own: [SHARED] });
}
