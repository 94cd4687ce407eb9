/**
 * Answers as Mailpit does: its API at `/api/v1`, its views at `/view`, and all of it also below `/mailpit`. A path
 * below `/mailpit/accounts/ADDRESS` limits every call to one account. The calls translate requests and responses;
 * they use the same functions as Restante's own API.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../../../contract/problems.ts';
import type { Answer } from './answer.ts';
import { accountOf, type MailpitDeps } from './call.ts';
import type { CallPath } from './calls.ts';
import { streamEvents } from './events.ts';

export type { MailpitDeps } from './call.ts';

/** The path of the events, below the base path of the server. */
export const MAILPIT_EVENTS = 'mailpit/api/events';
/** Returns whether a path below the base path of the server is the path of Mailpit's events. */
export const isMailpitEvents = (path: string): boolean =>
  /^mailpit\/(?:accounts\/[^/]+\/)?api\/events$/.test(path);

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Splits the path of a URL into its root, the account that it names, and the path of the call. */
function callPath(url: string, basePath: string): CallPath {
  const whole = (url.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/');
  const below = whole.slice(basePath.length);
  const [prefix = '', account] = /^mailpit\/(?:accounts\/([^/]+)\/)?/.exec(below) ?? [];
  const path = below.slice(prefix.length).replace(/\/$/, '');
  const root = `${basePath}${prefix}`;
  return account === undefined ? { path, root } : { path, root, account: decodeURIComponent(account) };
}

function sendAnswer(reply: FastifyReply, { status = 200, type, headers = {}, body }: Answer): FastifyReply {
  // Octets are sent as they are; for a text, Fastify would add a charset to the media type.
  const content = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : body;
  return reply.code(status).headers(headers).header('content-type', type).send(content);
}

/** Sends an error of the access checks as a text, as Mailpit does. */
function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) {
    const { status, detail, title } = error.problem;
    const text = status === 401 ? 'Unauthorized.\n' : (detail ?? title);
    return sendAnswer(reply, { status, type: 'text/plain; charset=utf-8', body: text });
  }
  const { statusCode = 500, message } = error as { readonly statusCode?: number; readonly message: string };
  if (statusCode >= 500) request.log.error({ err: error, url: request.url }, 'mailpit: unexpected failure');
  const text = statusCode >= 500 ? 'Internal error: see the log of the server' : message;
  return sendAnswer(reply, { status: statusCode, type: 'text/plain; charset=utf-8', body: text });
}

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function mailpitRoutes(app: FastifyInstance, deps: MailpitDeps): Promise<void> {
  app.setErrorHandler(sendError);
  // The calls read the body themselves, because Mailpit accepts every Content-Type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { runCall } = await import('./calls.ts');
    return sendAnswer(reply, await runCall(deps, request, callPath(request.url, deps.basePath)));
  };
  const hidden = { schema: { hide: true } };
  for (const url of ['/api/v1/*', '/view/*', '/mailpit/api/v1/*', '/mailpit/view/*', '/mailpit/accounts/*'])
    app.route({ method: METHODS, url, ...hidden, handler });
  for (const url of [`/${MAILPIT_EVENTS}`, '/mailpit/accounts/:account/api/events']) {
    app.route({
      method: 'GET',
      url,
      ...hidden,
      handler: async (_request, reply) =>
        sendAnswer(reply, { status: 400, type: 'text/plain; charset=utf-8', body: 'Bad Request\n' }),
      wsHandler(socket, request) {
        const { account } = request.params as { readonly account?: string };
        const query = new URLSearchParams(request.url.split('?')[1] ?? '');
        streamEvents(deps, socket, accountOf(request, query, account));
      },
    });
  }
  const probe = { ...hidden, config: { access: 'probe' } } as const;
  for (const url of ['/mailpit/livez', '/mailpit/readyz']) {
    app.get(url, probe, async (_request, reply) => {
      const status = url.endsWith('livez') || deps.ready() ? 200 : 503;
      return sendAnswer(reply, { status, type: 'text/plain; charset=utf-8', body: '' });
    });
  }
  app.get('/mailpit', hidden, async (_request, reply) => reply.redirect(deps.basePath));
}
