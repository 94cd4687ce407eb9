/**
 * Registers the routes of another tool's API: at the root, and below a path with the name of the tool. A path below
 * `/TOOL/accounts/ADDRESS` limits every call to one account. The calls translate requests and responses; they use
 * the same functions as Restante's own API.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { ProblemError } from '../../contract/problems.ts';
import type { AccountName } from '../store/ids.ts';
import { PLAIN, type Answer } from './answer.ts';
import { accountOf, type CompatDeps, type ToolName } from './call.ts';
import type { CallPath, RunCall } from './table.ts';

export interface Tool {
  readonly name: ToolName;
  /**
   * The paths of the tool's calls that exist both at the root and below the path of the tool, as patterns of Fastify.
   */
  readonly paths: readonly string[];
  /**
   * The paths of the tool's calls that exist only below the path of the tool, because another tool has the same paths
   * at the root.
   */
  readonly own?: readonly string[];
  /** Whether the calls require an API key (see `checkLogin` of the access checks). */
  readonly hasApiKey?: boolean;
  /** Loads the calls at the first request, so that they do not prolong the start of the server. */
  readonly load: () => Promise<RunCall>;
  /** Returns the response for an error of the access checks, and for an unexpected error. */
  readonly failure: (message: string, status: number, error: unknown) => Answer;
  /** The WebSocket that sends the events of the emulated tool, and the paths at which it is served. */
  readonly events?: {
    readonly paths: readonly string[];
    readonly stream: (deps: CompatDeps, socket: WebSocket, account: AccountName) => void;
  };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const HIDDEN = { schema: { hide: true } } as const;

/** Splits the path of a URL into its root, the account that it names, and the path of the call. */
function callPath(name: ToolName, url: string, basePath: string): CallPath {
  const whole = (url.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/');
  const below = whole.slice(basePath.length);
  const match = new RegExp(`^${name}/(?:accounts/([^/]+)/)?`).exec(below);
  const [prefix = '', account] = match ?? [];
  const path = { path: below.slice(prefix.length), root: `${basePath}${prefix}` };
  return account === undefined ? path : { ...path, account };
}

export function sendAnswer(
  reply: FastifyReply,
  { status = 200, type, headers = {}, body }: Answer,
): FastifyReply {
  // Octets are sent as they are; for a text, Fastify would add a charset to the media type.
  const content = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : body;
  reply.code(status).headers(headers);
  // Fastify sets a media type unless the response has one or has no content.
  if (type !== null) reply.header('content-type', type);
  return reply.send(type === null && body === '' ? undefined : content);
}

/** Sends an error of the access checks, or an unexpected error, in the form of the tool. */
function sendError(tool: Tool, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) {
    const { status, detail, title } = error.problem;
    return sendAnswer(reply, tool.failure(detail ?? title, status, error));
  }
  const { statusCode = 500, message } = error as { readonly statusCode?: number; readonly message: string };
  if (statusCode >= 500)
    request.log.error({ err: error, url: request.url }, `${tool.name}: unexpected failure`);
  const text = statusCode >= 500 ? 'Internal error: see the log of the server' : message;
  return sendAnswer(reply, tool.failure(text, statusCode, error));
}

function streamRoutes(
  app: FastifyInstance,
  deps: CompatDeps,
  { paths, stream }: NonNullable<Tool['events']>,
): void {
  for (const url of paths) {
    app.route({
      method: 'GET',
      url,
      ...HIDDEN,
      handler: async (_request, reply) =>
        sendAnswer(reply, { status: 400, type: PLAIN, body: 'Bad Request\n' }),
      wsHandler(socket, request) {
        const { account } = request.params as { readonly account?: string };
        const query = new URLSearchParams(request.url.split('?')[1] ?? '');
        stream(deps, socket, accountOf(request, query, account));
      },
    });
  }
}

/** Registers the routes of a tool. `app` must have the base path of the server as its prefix. */
export function registerTool(app: FastifyInstance, deps: CompatDeps, tool: Tool): void {
  app.setErrorHandler((error, request, reply) => sendError(tool, error, request, reply));
  // The calls read the body themselves, because most tools accept every Content-Type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const run = await tool.load();
    const path = callPath(tool.name, request.url, deps.basePath);
    return sendAnswer(reply, await run(deps, request, path, closing.signal));
  };
  const below = [...new Set([...tool.paths, ...(tool.own ?? [])])].map((path) => `/${tool.name}${path}`);
  for (const url of [...tool.paths, ...below, `/${tool.name}/accounts/*`])
    app.route({ method: METHODS, url, ...HIDDEN, config: { apiKey: tool.hasApiKey === true }, handler });
  if (tool.events !== undefined) streamRoutes(app, deps, tool.events);
  app.get(`/${tool.name}`, HIDDEN, async (_request, reply) => reply.redirect(deps.basePath));
}
