/** Sends the same messages and requests to Restante and to another tool, for tests that compare the answers. */
import type { Address } from './sandbox.ts';
import { sendRaw } from './smtp.ts';
import { variedMessages } from './varied-messages.ts';

/** A server with the same messages as the other server. */
export interface AnsweringServer {
  /** The root URL of the API, with a slash at its end. */
  readonly url: string;
  /** The ids of the messages, by Message-ID. */
  readonly ids: ReadonlyMap<string, string>;
}

export interface Call {
  /** The path below the root URL. `{MESSAGE-ID}` stands for the id of the message on the server. */
  readonly path: string;
  readonly method?: string;
  /** The body: a text is sent as it is, any other value as JSON. */
  readonly body?: unknown;
}

export interface Response {
  readonly status: number;
  /** The media type without parameters; `null` for a response without a media type. */
  readonly type: string | null;
  /** The body of the response: the parsed JSON, or the text. */
  readonly body: unknown;
}

/** MailHog sends some texts with the media type of JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Calls a server; redirects are not followed. */
export async function call(
  { url, ids }: AnsweringServer,
  { path, method = 'GET', body }: Call,
): Promise<Response> {
  const named = path.replaceAll(
    /\{([^}]+)\}/g,
    (_match, messageId: string) => ids.get(messageId) ?? 'unknown',
  );
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const sent =
    content === undefined ? {} : { body: content, headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}${named}`, { method, redirect: 'manual', ...sent });
  const type = response.headers.get('content-type')?.split(';')[0] ?? null;
  const text = await response.text();
  return { status: response.status, type, body: type?.endsWith('/json') === true ? parsed(text) : text };
}

/** Calls two servers; resolves with both responses. */
export const callBoth = (
  [ours, theirs]: readonly [AnsweringServer, AnsweringServer],
  request: Call,
): Promise<[Response, Response]> => Promise.all([call(ours, request), call(theirs, request)]);

/**
 * Sends the varied messages to a server.
 *
 * @param list the path of the list of all messages
 * @param idsIn returns the Message-ID and the id of each message in the body of the list
 */
export async function fill(
  { url, smtp }: { readonly url: string; readonly smtp: Address },
  list: string,
  idsIn: (body: unknown) => readonly (readonly [messageId: string, id: string])[],
): Promise<AnsweringServer> {
  for (const { raw, from, to } of variedMessages) await sendRaw(smtp, [Buffer.from(raw)], { from, to });
  const { body } = await call({ url, ids: new Map() }, { path: list });
  return { url, ids: new Map(idsIn(body)) };
}
