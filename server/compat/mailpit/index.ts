/**
 * Answers as Mailpit does: its API at `/api/v1`, its views at `/view`, and all of it also below `/mailpit`.
 */
import type { FastifyInstance } from 'fastify';
import { PLAIN, textAnswer } from '../answer.ts';
import type { CompatDeps } from '../call.ts';
import { HIDDEN, registerTool, sendAnswer, type Tool } from '../door.ts';
import { streamEvents } from './events.ts';

/** The path of the events, below the base path of the server. */
export const MAILPIT_EVENTS = 'mailpit/api/events';
/** Returns whether a path below the base path of the server is the path of Mailpit's events. */
export const isMailpitEvents = (path: string): boolean =>
  /^mailpit\/(?:accounts\/[^/]+\/)?api\/events$/.test(path);

const mailpit: Tool = {
  name: 'mailpit',
  paths: ['/api/v1/*', '/view/*'],
  load: async () => (await import('../calls.ts')).mailpit,
  failure: (message, status) => textAnswer(status === 401 ? 'Unauthorized.\n' : message, status),
  events: {
    paths: [`/${MAILPIT_EVENTS}`, '/mailpit/accounts/:account/api/events'],
    stream: streamEvents,
  },
};

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function mailpitRoutes(app: FastifyInstance, deps: CompatDeps): Promise<void> {
  registerTool(app, deps, mailpit);
  const probe = { ...HIDDEN, config: { access: 'probe' } } as const;
  for (const url of ['/mailpit/livez', '/mailpit/readyz']) {
    app.get(url, probe, async (_request, reply) => {
      const status = url.endsWith('livez') || deps.ready() ? 200 : 503;
      return sendAnswer(reply, { status, type: PLAIN, body: '' });
    });
  }
}
