/** Calls the emulated APIs of mail providers, and reads the messages that they captured. */
import type { Detail, MessagePage } from '../../contract/index.ts';
import type { TestSandbox } from './sandbox.ts';

export interface ProviderResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Returns the parsed JSON of the response. */
  json(): unknown;
}

interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request to a path below `/providers/`; a body that is an object is sent as JSON. */
export async function callProvider(
  { url }: Pick<TestSandbox, 'url'>,
  path: string,
  { method = 'POST', body, headers = {} }: Request = {},
): Promise<ProviderResponse> {
  const isPlain = typeof body === 'string' || body === undefined || body instanceof FormData;
  const sent = isPlain || body instanceof URLSearchParams ? body : JSON.stringify(body);
  const type = sent === body ? {} : { 'content-type': 'application/json' };
  const response = await fetch(new URL(`providers/${path}`, url), {
    method,
    headers: { ...type, ...headers },
    ...(sent === undefined ? {} : { body: sent as string | FormData }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as unknown,
  };
}

/** Returns the details of all captured messages, the oldest first, and deletes the messages. */
export async function takeMessages(sandbox: TestSandbox, account = 'all'): Promise<Detail[]> {
  const page = await sandbox.json<MessagePage>(`messages?account=${account}&limit=1000`);
  const ids = page.messages.map(({ id }) => id).reverse();
  const details = await Promise.all(ids.map((id) => sandbox.json<Detail>(`messages/${id}`)));
  await sandbox.api('messages?all=true', { method: 'DELETE' });
  return details;
}

/** Returns the media types of a message's parts, nested as the parts are. */
export const typesOf = ({ type, parts }: Detail['structure']): unknown =>
  parts.length === 0 ? type : [type, ...parts.map(typesOf)];

/** Returns the decoded value of a header field of a message. */
export const headerOf = ({ headers }: Detail, name: string): string | undefined =>
  headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
