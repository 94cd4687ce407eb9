/**
 * Serves `resources/subscribe` and `resources/unsubscribe`, which clients of the revisions before 2026-07-28 send on
 * standard input. The session that these methods need is this process: it holds one `subscriptions/listen` request
 * of the newest revision, and passes the notifications on.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { codes, invalidParams, isObject, RpcError, type RpcRequest } from '../../mcp/protocol/json-rpc.ts';
import { STATELESS } from '../../mcp/protocol/versions.ts';
import { eventsOf } from './events.ts';

/** The time before a stream that ended is opened again, in milliseconds. */
const PAUSE = 250;

interface SubscriptionsOptions {
  /** Sends a request to the sandbox. */
  readonly post: (request: RpcRequest, signal: AbortSignal) => Promise<Response>;
  /** Notifies the client that a resource has changed. */
  readonly changed: (uri: string) => void;
}

export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #closing = new AbortController();
  #uris: ReadonlySet<string> = new Set();
  /** Ends the stream of notifications about the resources in `#uris`. */
  #stream = new AbortController();
  /** The change of the subscriptions that is being made; changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  static serves(method: string): boolean {
    return method === 'resources/subscribe' || method === 'resources/unsubscribe';
  }

  /** Changes the subscriptions as a request demands. Throws `RpcError` for a resource that never changes. */
  async handle({ method, params: { uri } }: RpcRequest): Promise<void> {
    if (typeof uri !== 'string') throw invalidParams('params.uri must be a string');
    const change = this.#turn.then(() =>
      this.#replace(
        method === 'resources/subscribe'
          ? new Set([...this.#uris, uri])
          : new Set([...this.#uris].filter((each) => each !== uri)),
      ),
    );
    this.#turn = change.catch(() => undefined);
    await change;
  }

  close(): void {
    this.#closing.abort();
    this.#stream.abort();
  }

  /** Opens a stream for the new set of resources, and closes the previous stream once the sandbox has confirmed it. */
  async #replace(uris: ReadonlySet<string>): Promise<void> {
    const stream = new AbortController();
    try {
      if (uris.size > 0) await this.#open(uris, stream);
    } catch (error) {
      stream.abort();
      throw error;
    }
    this.#stream.abort();
    this.#stream = stream;
    this.#uris = uris;
  }

  /** Resolves when the sandbox has confirmed the resources; their notifications follow until the stream is aborted. */
  async #open(uris: ReadonlySet<string>, stream: AbortController): Promise<void> {
    const { signal } = stream;
    const events = await this.#listen(uris, signal);
    const first = await events.next();
    const confirmed = first.done === true ? [] : confirmedUris(first.value);
    const refused = [...uris].find((uri) => !confirmed.includes(uri));
    if (refused !== undefined) {
      throw invalidParams(`${refused} never changes; subscribe to restante://inbox/{address}`);
    }
    void this.#pass(events, signal)
      .catch(() => undefined)
      .then(() => this.#reopen(uris, stream));
  }

  async #listen(uris: ReadonlySet<string>, signal: AbortSignal): Promise<AsyncGenerator<string>> {
    const response = await this.#options.post(
      {
        id: 'restante-subscriptions',
        method: 'subscriptions/listen',
        params: {
          notifications: { resourceSubscriptions: [...uris] },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': STATELESS,
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      },
      signal,
    );
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isStream && response.body !== null) return eventsOf(response.body);
    throw refusalOf(await response.text(), response.status);
  }

  async #pass(events: AsyncGenerator<string>, signal: AbortSignal): Promise<void> {
    for await (const event of events) {
      const { method, params } = JSON.parse(event) as {
        readonly method?: unknown;
        readonly params?: unknown;
      };
      const uri = isObject(params) ? params['uri'] : undefined;
      if (signal.aborted) return;
      if (method === 'notifications/resources/updated' && typeof uri === 'string') this.#options.changed(uri);
    }
  }

  /**
   * Opens the stream again after the sandbox has ended it, and reports each resource as changed, because changes in
   * between are not known.
   */
  async #reopen(uris: ReadonlySet<string>, stream: AbortController): Promise<void> {
    const signal = AbortSignal.any([stream.signal, this.#closing.signal]);
    while (!signal.aborted) {
      try {
        await wait(PAUSE, undefined, { signal });
        await this.#open(uris, stream);
        for (const uri of uris) this.#options.changed(uri);
        return;
      } catch {
        // The sandbox does not respond yet: the loop tries again.
      }
    }
  }
}

/** Returns the URIs that the first event of a stream confirms. Throws `RpcError` if the event is an error. */
function confirmedUris(event: string): readonly unknown[] {
  const message: unknown = JSON.parse(event);
  const params = isObject(message) ? message['params'] : undefined;
  const notifications = isObject(params) ? params['notifications'] : undefined;
  if (!isObject(notifications)) throw refusalOf(event, 200);
  const { resourceSubscriptions: uris } = notifications;
  return Array.isArray(uris) ? uris : [];
}

/** Returns the error that a JSON-RPC response contains. */
function refusalOf(text: string, status: number): RpcError {
  try {
    const { error } = JSON.parse(text) as {
      readonly error: { readonly code: number; readonly message: string };
    };
    return new RpcError(error.code, error.message);
  } catch {
    return new RpcError(
      codes.internal,
      `The server responds with status ${status}: subscriptions are not possible`,
    );
  }
}
