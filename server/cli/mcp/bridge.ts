/**
 * Connects a client on standard input and output to the MCP server of a sandbox: each line of the input is a
 * message that is sent by HTTP, and each message of a response becomes a line of the output. The sandbox can
 * therefore run in this process, in another process, or on another machine.
 */
import { fieldsFor } from '../../mcp/protocol/envelope.ts';
import {
  codes,
  errorOf,
  isObject,
  parseJson,
  readMessage,
  resultOf,
  RpcError,
  type RequestId,
  type RpcRequest,
} from '../../mcp/protocol/json-rpc.ts';
import { eventsOf } from './events.ts';
import { Subscriptions } from './subscriptions.ts';

/** The address of a sandbox. */
export interface Target {
  /** The root URL of the server, with a slash at its end. */
  readonly url: string;
  /** The header fields that are sent with each request, for example the login. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The status with which a sandbox responds while it stops. */
const UNAVAILABLE = 503;

interface BridgeOptions {
  /** Finds or starts a sandbox. The function is called again when the sandbox does not respond any more. */
  readonly connect: () => Promise<Target>;
  /** Writes one line of output. */
  readonly write: (line: string) => void;
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
};

export class Bridge {
  readonly #options: BridgeOptions;
  #target: Promise<Target> | undefined;
  /**
   * The header fields with the session id and the protocol revision that the server returned for `initialize`;
   * empty before that response.
   */
  #session: Readonly<Record<string, string>> = {};
  readonly #running = new Map<RequestId, AbortController>();
  readonly #open = new Set<Promise<void>>();
  readonly #subscriptions = new Subscriptions({
    post: (request, signal) =>
      this.#post(JSON.stringify({ jsonrpc: '2.0', ...request }), fieldsFor(request), signal),
    changed: (uri) =>
      this.#write({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }),
  });

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** Finds or starts the sandbox before the first message, so that it can already receive mail. */
  async start(): Promise<void> {
    await this.#connected();
  }

  /** Finds or starts another sandbox, because the previous one has ended. A failure is reported by the next call. */
  reconnect(): void {
    this.#target = undefined;
    this.#connected().catch(() => undefined);
  }

  /** Processes a line of the input. */
  receive(line: string): void {
    if (line.trim() === '') return;
    const work = this.#process(line).catch((error: unknown) => {
      const shown = error instanceof RpcError ? error : new RpcError(codes.internal, reasonOf(error));
      this.#write(errorOf(null, shown));
    });
    this.#open.add(work);
    void work.finally(() => this.#open.delete(work));
  }

  /** Cancels the calls that are running, and waits until they have ended. */
  async close(): Promise<void> {
    this.#subscriptions.close();
    for (const controller of this.#running.values()) controller.abort();
    await Promise.all(this.#open);
  }

  #write(message: unknown): void {
    this.#options.write(JSON.stringify(message));
  }

  #connected(): Promise<Target> {
    this.#target ??= this.#options.connect();
    this.#target.catch(() => (this.#target = undefined));
    return this.#target;
  }

  async #process(line: string): Promise<void> {
    const json = parseJson(line);
    if (Array.isArray(json)) {
      await this.#forward(line, null, {}, new AbortController().signal);
      return;
    }
    const message = readMessage(json);
    if (message.kind === 'response') return;
    if (message.kind === 'notification') {
      const { method, params } = message.notification;
      // Closing the response of a call cancels the call.
      if (method === 'notifications/cancelled') this.#running.get(params['requestId'] as RequestId)?.abort();
      else await this.#forward(line, null, fieldsFor(message.notification), new AbortController().signal);
      return;
    }
    const { request } = message;
    const controller = new AbortController();
    this.#running.set(request.id, controller);
    try {
      await this.#respond(line, request, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return;
      const shown =
        error instanceof RpcError
          ? error
          : new RpcError(codes.internal, `The sandbox does not respond: ${reasonOf(error)}`);
      this.#write(errorOf(request.id, shown));
    } finally {
      if (this.#running.get(request.id) === controller) this.#running.delete(request.id);
    }
  }

  async #respond(line: string, request: RpcRequest, signal: AbortSignal): Promise<void> {
    const fields = fieldsFor(request);
    const isStateless = Object.keys(fields).length > 0;
    if (isStateless || !Subscriptions.serves(request.method)) {
      await this.#forward(line, request.id, fields, signal);
      return;
    }
    await this.#subscriptions.handle(request);
    this.#write(resultOf(request.id, {}));
  }

  /** Sends a message to the server, and writes the messages of the response to the output. */
  async #forward(
    line: string,
    id: RequestId | null,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.#post(line, fields, signal);
    const session = response.headers.get('mcp-session-id');
    if (session !== null) this.#session = { 'mcp-session-id': session };
    const type = response.headers.get('content-type') ?? '';
    if (response.body === null || response.status === 202) return;
    if (type.startsWith('text/event-stream')) {
      for await (const data of eventsOf(response.body)) this.#answer(JSON.parse(data), id);
      return;
    }
    const text = await response.text();
    if (type.startsWith('application/json')) this.#answer(JSON.parse(text), id);
    else if (id !== null)
      throw new RpcError(codes.internal, `The server responds with status ${response.status}: is MCP off?`);
  }

  /** Sends a request. If the sandbox has ended, finds or starts another one, and sends the request again. */
  async #post(
    line: string,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const target = await this.#connected();
      try {
        const response = await fetch(new URL('mcp', target.url), {
          method: 'POST',
          headers: {
            ...target.headers,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(Object.keys(fields).length === 0 ? this.#session : {}),
            ...fields,
          },
          body: line,
          signal,
        });
        if (response.status !== UNAVAILABLE || attempt > 0) return response;
        await response.body?.cancel();
      } catch (error) {
        if (signal.aborted || attempt > 0) throw error;
      }
      this.#target = undefined;
    }
  }

  /** Writes a message of the server to the client. An error without an id belongs to the request that was sent. */
  #answer(message: unknown, id: RequestId | null): void {
    if (!isObject(message)) this.#write(message);
    else if (message['id'] === null && id !== null) this.#write({ ...message, id });
    else this.#write(this.#withSession(message));
  }

  /**
   * Reads the protocol revision from the response to `initialize`, and adds to that response the subscriptions, which
   * only this process can serve. Returns any other message unchanged.
   */
  #withSession(message: Readonly<Record<string, unknown>>): object {
    const { result } = message;
    if (!isObject(result) || typeof result['protocolVersion'] !== 'string') return message;
    this.#session = { ...this.#session, 'mcp-protocol-version': result['protocolVersion'] };
    const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
    return {
      ...message,
      result: { ...result, capabilities: { ...capabilities, resources: { subscribe: true } } },
    };
  }
}
