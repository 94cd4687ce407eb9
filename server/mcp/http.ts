/**
 * The transport by HTTP: `POST /mcp` ("Streamable HTTP"). A response is JSON, or a stream of server-sent events if
 * the call reports progress. The server stores no sessions: the session id, which revisions before 2026-07-28
 * have, only distinguishes the running calls of different clients, so that a client can cancel its own calls.
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { knownProblem } from '../service/problem.ts';
import type { Notify } from './call.ts';
import type { McpDeps } from './deps.ts';
import { protocolFields, versionOf } from './protocol/envelope.ts';
import {
  codes,
  errorOf,
  isObject,
  parseJson,
  readMessage,
  resultOf,
  RpcError,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
  type RpcResponse,
} from './protocol/json-rpc.ts';
import { isSince, type Version } from './protocol/versions.ts';
import { createMcpServer, type McpServer } from './server.ts';
import { newMarker } from './untrusted.ts';

/** The maximum size of a request in octets. */
const MAX_BODY = 4 << 20;
/** The maximum number of messages in one batch request, which only the revision 2025-03-26 of the protocol has. */
const MAX_BATCH = 50;
/** The time between two reports of progress in milliseconds. */
const PROGRESS = 5_000;

type Headers = Readonly<Record<string, string>>;

/** The response to one HTTP request: JSON, or a stream from the first notification on. */
class Responder {
  readonly #reply: FastifyReply;
  readonly #streams: boolean;
  #response: ServerResponse | undefined;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
    this.#streams = /\btext\/event-stream\b|\*\/\*/i.test(reply.request.headers.accept ?? '*/*');
  }

  /** Begins the stream of server-sent events if the client accepts such a stream. */
  open(): void {
    if (!this.#streams || this.#response !== undefined) return;
    this.#reply.hijack();
    this.#response = this.#reply.raw;
    this.#response.writeHead(200, {
      ...(this.#reply.getHeaders() as Headers),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#response.flushHeaders();
  }

  /** Whether the response is a stream. */
  get isOpen(): boolean {
    return this.#response !== undefined;
  }

  /** Whether the client has read enough of the stream that more can be sent. */
  get isReady(): boolean {
    return this.#response?.writableNeedDrain !== true;
  }

  /** Sends a notification, or a comment that keeps the connection open, if the response is a stream. */
  notify(notification: object | null): void {
    this.#write(notification === null ? ': waiting\n\n' : eventOf(notification));
  }

  /** Sends the response or, for a batch, the responses. */
  send(body: RpcResponse | readonly RpcResponse[], status: number): FastifyReply {
    if (this.#response === undefined) {
      return this.#reply
        .code(status)
        .header('cache-control', 'no-store')
        .type('application/json')
        .send(JSON.stringify(body));
    }
    for (const each of [body].flat()) this.#write(eventOf(each));
    this.#response.end();
    return this.#reply;
  }

  #write(text: string): void {
    if (this.#response !== undefined && !this.#response.destroyed) this.#response.write(text);
  }
}

const eventOf = (message: object): string => `event: message\ndata: ${JSON.stringify(message)}\n\n`;

/** The calls that are running, by the session of the client and the id of the request. */
class RunningCalls {
  readonly #running = new Map<string, AbortController>();

  static key(session: string, id: unknown): string {
    return `${session}\n${JSON.stringify(id)}`;
  }

  add(key: string, controller: AbortController): () => void {
    this.#running.set(key, controller);
    return () => {
      if (this.#running.get(key) === controller) this.#running.delete(key);
    };
  }

  cancel(key: string): void {
    this.#running.get(key)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly responder: Responder;
  readonly session: string;
  /** The signal that is aborted when the connection closes before the response is complete. */
  readonly closed: AbortSignal;
}

class McpHttp {
  readonly #deps: McpDeps;
  readonly #server: McpServer;
  readonly #running = new RunningCalls();

  constructor(deps: McpDeps) {
    this.#deps = deps;
    this.#server = createMcpServer(deps);
  }

  close(): void {
    this.#running.cancelAll();
  }

  async receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const json = parseJson(String(request.body));
    const controller = new AbortController();
    const onClose = (): void => controller.abort();
    reply.raw.once('close', onClose);
    const session = request.headers['mcp-session-id'];
    const exchange: Exchange = {
      request,
      responder: new Responder(reply),
      session: typeof session === 'string' ? session : '',
      closed: controller.signal,
    };
    try {
      return Array.isArray(json)
        ? await this.#receiveBatch(json, exchange, reply)
        : await this.#receiveOne(readMessage(json), exchange, reply);
    } finally {
      reply.raw.off('close', onClose);
    }
  }

  async #receiveOne(message: RpcMessage, exchange: Exchange, reply: FastifyReply): Promise<FastifyReply> {
    if (message.kind !== 'request') {
      if (message.kind === 'notification') this.#notified(message.notification, exchange);
      return reply.code(202).send();
    }
    if (message.request.method === 'initialize') reply.header('mcp-session-id', randomUUID());
    const { response, status } = await this.#respond(message.request, exchange);
    return exchange.responder.send(response, status);
  }

  async #receiveBatch(
    batch: readonly unknown[],
    exchange: Exchange,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const version = protocolFields(exchange.request.headers).version ?? '2025-03-26';
    if (version > '2025-03-26' || batch.length === 0 || batch.length > MAX_BATCH) {
      throw new RpcError(
        codes.invalidRequest,
        `A batch is possible with the revision 2025-03-26 only, with 1 to ${MAX_BATCH} messages`,
        { status: 400 },
      );
    }
    const responses: RpcResponse[] = [];
    await Promise.all(
      batch.map(readMessage).map(async (message) => {
        if (message.kind === 'notification') this.#notified(message.notification, exchange);
        if (message.kind === 'request')
          responses.push((await this.#respond(message.request, exchange)).response);
      }),
    );
    return responses.length === 0 ? reply.code(202).send() : exchange.responder.send(responses, 200);
  }

  #notified({ method, params }: RpcNotification, { session }: Exchange): void {
    // Without a session, a client cannot cancel calls, because another client may use the same request id.
    if (method === 'notifications/cancelled' && session !== '')
      this.#running.cancel(RunningCalls.key(session, params['requestId']));
  }

  async #respond(
    request: RpcRequest,
    exchange: Exchange,
  ): Promise<{ readonly response: RpcResponse; readonly status: number }> {
    const { id } = request;
    const controller = new AbortController();
    const remove = this.#running.add(RunningCalls.key(exchange.session, id), controller);
    try {
      const version = versionOf(protocolFields(exchange.request.headers), request);
      const result = await this.#server.answer(request, {
        version,
        signal: AbortSignal.any([exchange.closed, controller.signal]),
        marker: newMarker(),
        hold: (what, total, work) => this.#hold({ what, total, request, version }, exchange.responder, work),
        stream: (work) => this.#stream(exchange.responder, work),
      });
      return { response: resultOf(id, result), status: 200 };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { response: errorOf(id, error), status: error.status };
    } finally {
      remove();
    }
  }

  async #stream<T>(responder: Responder, work: (notify: Notify) => Promise<T>): Promise<T> {
    responder.open();
    if (!responder.isOpen) {
      throw new RpcError(codes.invalidRequest, 'Accept must contain text/event-stream', { status: 406 });
    }
    const timer = setInterval(() => responder.notify(null), PROGRESS);
    try {
      return await work({
        send: (method, params) => responder.notify({ jsonrpc: '2.0', method, params }),
        isReady: () => responder.isReady,
      });
    } finally {
      clearInterval(timer);
    }
  }

  async #hold<T>(held: Held, responder: Responder, work: () => Promise<T>): Promise<T> {
    responder.open();
    const meta = held.request.params['_meta'];
    const token = isObject(meta) ? meta['progressToken'] : undefined;
    const began = this.#deps.clock();
    const timer = setInterval(() => {
      const progress = Math.min(held.total, Math.max(0, this.#deps.clock() - began));
      responder.notify(token === undefined ? null : progressOf(held, token, progress));
    }, PROGRESS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }
}

/** A call whose response is kept open. */
interface Held {
  /** The name of the work in the text of the progress notifications, such as `Waiting for mail`. */
  readonly what: string;
  /** The maximum duration of the call in milliseconds. */
  readonly total: number;
  readonly request: RpcRequest;
  readonly version: Version;
}

function progressOf({ what, total, version }: Held, progressToken: unknown, progress: number): object {
  const seconds = (milliseconds: number): number => Math.round(milliseconds / 1_000);
  // Progress notifications of the revision 2024-11-05 have no member `message`.
  const message = isSince(version, '2025-03-26')
    ? { message: `${what}, ${seconds(progress)} of ${seconds(total)} s` }
    : {};
  return {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress, total, ...message },
  };
}

/** Converts an error of the access checks or of the HTTP framework to an error of the protocol. */
function errorFor(error: unknown): RpcError | null {
  if (error instanceof RpcError) return error;
  const problem = knownProblem(error);
  if (problem !== null) {
    return new RpcError(codes.invalidRequest, problem.detail ?? problem.title, { status: problem.status });
  }
  const { statusCode, message } = error as { readonly statusCode?: unknown; readonly message?: string };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return null;
  const advice: Readonly<Record<number, string>> = {
    413: `The request is larger than ${MAX_BODY} octets`,
    415: 'Send the Content-Type application/json',
  };
  return new RpcError(codes.invalidRequest, advice[statusCode] ?? message ?? 'The request is not valid', {
    status: statusCode,
  });
}

/** Returns whether a client accepts JSON or a stream of events. */
const accepts = (accept: string | undefined): boolean =>
  accept === undefined || /application\/(?:json|\*)|text\/event-stream|\*\/\*/i.test(accept);

function refuseUnaccepted({ headers }: FastifyRequest): void {
  if (accepts(headers.accept)) return;
  throw new RpcError(codes.invalidRequest, 'Accept must contain application/json and text/event-stream', {
    status: 406,
  });
}

/**
 * Registers `POST /mcp`. `app` must be a Fastify context for this route alone, because the function replaces its
 * error handler: errors are sent as JSON-RPC errors.
 */
export async function mcpRoutes(app: FastifyInstance, deps: McpDeps): Promise<void> {
  const http = new McpHttp(deps);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, _request, reply) => {
    const known = errorFor(error);
    if (known === null) deps.logger.error({ err: error }, 'mcp: unexpected failure');
    const shown =
      known ?? new RpcError(codes.internal, 'Internal error: see the log of the server', { status: 500 });
    return reply
      .code(shown.status === 200 ? 400 : shown.status)
      .type('application/json')
      .send(JSON.stringify(errorOf(null, shown)));
  });
  app.addHook('preClose', async () => http.close());
  app.post('/mcp', { bodyLimit: MAX_BODY, schema: { hide: true } }, async (request, reply) => {
    refuseUnaccepted(request);
    return http.receive(request, reply);
  });
}
