/**
 * The official clients of the Model Context Protocol, for the revisions with sessions and for the stateless revision,
 * and requests without a client.
 */
import {
  Client as StatelessClient,
  StreamableHTTPClientTransport as StatelessHttp,
} from '@modelcontextprotocol/client';
import { Client as InitializedClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as InitializedHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Transport as InitializedTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { onTestFinished } from 'vitest';

const encoder = new Tiktoken(o200k);

/** Returns the number of tokens (o200k) of a value as JSON. */
export const tokensOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;

/** The result of a tool, as both clients return it. */
export interface ToolAnswer {
  readonly content: readonly {
    readonly type: string;
    readonly text?: string;
    readonly data?: string;
    readonly uri?: string;
  }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: {
    readonly progress: number;
    readonly total?: number | undefined;
  }) => void;
}

/** A connected client: the part of the interface that both official clients share. */
export interface McpClient {
  readonly era: Era;
  tools(): Promise<{ readonly name: string; readonly [member: string]: unknown }[]>;
  /** Calls a tool. The client validates the structured content by the output schema of the tool. */
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  resources(): Promise<{ readonly uri: string }[]>;
  read(uri: string): Promise<{ readonly uri: string; readonly text?: string; readonly blob?: string }>;
  prompts(): Promise<{ readonly name: string }[]>;
  prompt(name: string, args: Record<string, string>): Promise<string>;
  /**
   * Subscribes to resources; calls `changed` with the URI of each resource that changes. With the stateless revision of
   * the protocol, it subscribes to the list of resources too, and calls `changed` with `list` when the list changes.
   * Resolves with the URIs that the server confirmed.
   */
  subscribe(uris: string[], changed: (what: string) => void): Promise<readonly string[]>;
  /** Ends the subscription to a resource, with the revisions that begin with `initialize`. */
  unsubscribe(uri: string): Promise<void>;
  /** The instructions that the server sent to the client. */
  instructions(): string | undefined;
  close(): Promise<void>;
}

export type Era = 'stateless' | 'initialized';
export const eras: readonly Era[] = ['stateless', 'initialized'];

const info = { name: 'test', version: '1.0.0' };

type AnyClient = StatelessClient | InitializedClient;

function adapted(era: Era, client: AnyClient): McpClient {
  // The classes of both official clients have the same methods, but the parameters of one are not assignable to those
  // of the other.
  const one = client as InitializedClient;
  return {
    era,
    async tools() {
      return (await one.listTools()).tools;
    },
    async call(name, args = {}, options = {}) {
      const request = { name, arguments: args };
      const result: unknown =
        era === 'stateless'
          ? await (client as StatelessClient).callTool(request, options)
          : await one.callTool(request, undefined, options);
      return result as ToolAnswer;
    },
    resources: async () => (await one.listResources()).resources,
    async read(uri) {
      const [contents] = (await one.readResource({ uri })).contents;
      if (contents === undefined) throw new Error(`${uri} has no contents`);
      return contents;
    },
    prompts: async () => (await one.listPrompts()).prompts,
    async prompt(name, args) {
      const [message] = (await one.getPrompt({ name, arguments: args })).messages;
      return message?.content.type === 'text' ? message.content.text : '';
    },
    async subscribe(uris, changed) {
      if (era === 'initialized') {
        one.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => changed(params.uri));
        for (const uri of uris) await one.subscribeResource({ uri });
        return uris;
      }
      const stateless = client as StatelessClient;
      stateless.setNotificationHandler('notifications/resources/updated', ({ params }) =>
        changed(params.uri),
      );
      stateless.setNotificationHandler('notifications/resources/list_changed', () => changed('list'));
      const filter = { resourceSubscriptions: uris, resourcesListChanged: true };
      const { honoredFilter } = await stateless.listen(filter);
      return honoredFilter.resourceSubscriptions ?? [];
    },
    async unsubscribe(uri) {
      await one.unsubscribeResource({ uri });
    },
    instructions: () => one.getInstructions(),
    close: () => one.close(),
  };
}

/**
 * Connects the official client for a group of protocol revisions (with sessions, or stateless) to a transport that
 * `openTransport` returns.
 */
async function connected(era: Era, stateless: () => unknown, initialized: () => unknown): Promise<McpClient> {
  if (era === 'stateless') {
    const client = new StatelessClient(info, { versionNegotiation: { mode: 'auto' } });
    await client.connect(stateless() as StatelessHttp);
    if (client.getNegotiatedProtocolVersion() !== '2026-07-28')
      throw new Error('The client fell back to initialize');
    return adapted(era, client);
  }
  const client = new InitializedClient(info);
  await client.connect(initialized() as InitializedTransport);
  return adapted(era, client);
}

/** Connects a client by HTTP to the sandbox with this URL, until the test ends. */
export async function connectMcp(
  url: string,
  era: Era,
  headers: Record<string, string> = {},
): Promise<McpClient> {
  const endpoint = new URL('mcp', url);
  const options = { requestInit: { headers } };
  const client = await connected(
    era,
    () => new StatelessHttp(endpoint, options),
    () => new InitializedHttp(endpoint, options),
  );
  onTestFinished(() => client.close());
  return client;
}

/** Connects a client to a program by its standard input and output, until the test ends. */
export async function connectMcpProgram(
  command: {
    readonly command: string;
    readonly args: string[];
    readonly env: Record<string, string>;
    readonly cwd: string;
  },
  era: Era,
): Promise<McpClient> {
  const { StdioClientTransport: StatelessStdio } = await import('@modelcontextprotocol/client/stdio');
  const { StdioClientTransport: InitializedStdio } =
    await import('@modelcontextprotocol/sdk/client/stdio.js');
  const client = await connected(
    era,
    () => new StatelessStdio({ ...command, stderr: 'ignore' }),
    () => new InitializedStdio({ ...command, stderr: 'ignore' }),
  );
  onTestFinished(() => client.close());
  return client;
}

/** The members of `_meta` that a request of the stateless revision of the protocol must have. */
export const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Sends a JSON-RPC request without a client; a `body` that is text is sent unchanged. */
export function postMcp(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(new URL('mcp', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Resolves with the structured content of a result as a type that the caller knows. */
export async function structured<T>(answer: ToolAnswer | Promise<ToolAnswer>): Promise<T> {
  const { structuredContent, content } = await answer;
  if (structuredContent === undefined) throw new Error(`No structured content: ${content[0]?.text ?? ''}`);
  return structuredContent as T;
}
