/** The types for calls of MCP tools: the context in which a call runs, and its result. */
import { isSince, type Version } from './protocol/versions.ts';

/** Sends notifications within the response to a request. */
export interface Notify {
  send(method: string, params: Readonly<Record<string, unknown>>): void;
  /** Returns whether the client has read enough of the response that more can be sent. */
  isReady(): boolean;
}

/** The context in which a request is processed. */
export interface Call {
  readonly version: Version;
  /** The signal that is aborted when the client cancels the request or closes its stream. */
  readonly signal: AbortSignal;
  /** An unpredictable text that marks where untrusted content begins and ends in the result of this call. */
  readonly marker: string;
  /**
   * Keeps the response open and reports progress about every 5 seconds until `work` has ended.
   * @param what the work in the text of the progress, such as `Waiting for mail`
   * @param total the maximum duration in milliseconds
   */
  hold<T>(what: string, total: number, work: () => Promise<T>): Promise<T>;
  /**
   * Keeps the response open as a stream in which `work` sends notifications. Throws `RpcError` if the client does not
   * accept a stream.
   */
  stream<T>(work: (notify: Notify) => Promise<T>): Promise<T>;
}

export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly mimeType: string;
      readonly size: number;
    };

/** The result of a tool: content for a reader, and the same content as JSON for a program. */
export interface ToolOutcome<Structured> {
  readonly content: readonly Content[];
  readonly structured: Structured;
}

export const textContent = (text: string): Content => ({ type: 'text', text });

/** Returns a link to a resource; for a client of a revision without links, a text with the URI. */
export function linkContent(
  version: Version,
  link: Omit<Extract<Content, { type: 'resource_link' }>, 'type'>,
): Content {
  if (isSince(version, '2025-06-18')) return { type: 'resource_link', ...link };
  return textContent(`${link.name} (${link.mimeType}, ${link.size} octets): ${link.uri}`);
}
