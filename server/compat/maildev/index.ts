/**
 * Answers as MailDev does: its API at `/api/email` (MailDev 3) and at `/email` (MailDev 2), and all of it also below
 * `/maildev`. MailDev's Socket.IO is not offered: no client library for tests uses it.
 */
import type { FastifyInstance } from 'fastify';
import { jsonAnswer } from '../answer.ts';
import type { CompatDeps } from '../call.ts';
import { HIDDEN, registerTool, sendAnswer, type Tool } from '../door.ts';

/** The paths of MailDev 2, which are below `/api` in MailDev 3. */
const PATHS = ['/email', '/email/*', '/config', '/reloadMailsFromDirectory'];

const maildev: Tool = {
  name: 'maildev',
  paths: [...PATHS, ...PATHS.map((path) => `/api${path}`)],
  load: async () => (await import('../calls.ts')).maildev,
  failure: (error, status) => jsonAnswer({ error: status === 401 ? 'Unauthorized' : error }, status),
};

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function maildevRoutes(app: FastifyInstance, deps: CompatDeps): Promise<void> {
  registerTool(app, deps, maildev);
  const probe = { ...HIDDEN, config: { access: 'probe' } } as const;
  for (const url of ['/healthz', '/api/healthz', '/maildev/healthz', '/maildev/api/healthz'])
    app.get(url, probe, async (_request, reply) => sendAnswer(reply, jsonAnswer(true)));
}
