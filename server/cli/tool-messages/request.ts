/** Requests to the API of another tool whose messages are imported. */
import { CommandError } from '../error.ts';

/** Returns the root URL of an API, with a slash at its end. Throws `CommandError` for an invalid address. */
export function rootUrl(address: string, tool: string): URL {
  if (!URL.canParse(address))
    throw new CommandError(`${address} is not the address of ${tool}, such as http://127.0.0.1:8025`);
  return new URL(address.endsWith('/') ? address : `${address}/`);
}

/** Sends a request. Throws `CommandError` if the server does not respond or refuses the request. */
export async function call(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const { cause } = error as Error;
    throw new CommandError(`${url.origin} does not respond: ${cause instanceof Error ? cause.message : ''}`);
  }
  if (response.ok) return response;
  throw new CommandError(`${url.origin} responds with status ${response.status}: ${await response.text()}`);
}
