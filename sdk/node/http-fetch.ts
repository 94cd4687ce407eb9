/**
 * Implements the part of `fetch` that the SDK needs with `node:http`. It sends no `Origin`, applies no CORS
 * and follows no redirect. The response has no `clone()` and no `formData()`.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** Responses with these status codes have no body (Fetch Standard, null body status). */
const NO_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

export async function httpFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
  const { request: send } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { method = 'GET', body, signal } = init;
  signal?.throwIfAborted();
  const request = send(url, { method, headers: { ...(init.headers as Record<string, string> | undefined) } });
  const abort = (): void => {
    request.destroy(signal?.reason instanceof Error ? signal.reason : new Error('The request was aborted'));
  };
  signal?.addEventListener('abort', abort);
  request.once('close', () => signal?.removeEventListener('abort', abort));
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return toResponse(response);
}

function toResponse(response: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = response;
  const bytes = async (): Promise<Buffer> => Buffer.concat((await response.toArray()) as Buffer[]);
  const text = async (): Promise<string> => new TextDecoder().decode(await bytes());
  const headers = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const has = !NO_BODY.has(status);
  if (!has) response.resume();
  const result = {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    headers: new Headers(headers),
    get body() {
      return has ? Readable.toWeb(response) : null;
    },
    arrayBuffer: async () => Uint8Array.from(await bytes()).buffer,
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
  return result as unknown as Response;
}
