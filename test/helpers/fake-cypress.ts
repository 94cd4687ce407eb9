/**
 * Lets the commands of a Cypress plugin run outside of Cypress: their requests are sent with `fetch`, and their chains
 * are promises.
 */

interface CypressRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly qs?: Readonly<Record<string, string | number>>;
  readonly failOnStatusCode?: boolean;
}

interface Response {
  readonly status: number;
  readonly body: unknown;
}

type Command = (...args: unknown[]) => unknown;

/** A promise with the methods of a Cypress chain that the plugins use. */
type Chain<T> = Promise<T> & { its<Name extends keyof T>(name: Name): Chain<T[Name]> };

function chain<T>(value: T | PromiseLike<T>): Chain<T> {
  const promise = Promise.resolve(value);
  return Object.assign(promise, {
    its: <Name extends keyof T>(name: Name) => chain(promise.then((resolved) => resolved[name])),
  });
}

async function send({
  method,
  url,
  body,
  headers,
  qs = {},
  failOnStatusCode,
}: CypressRequest): Promise<Response> {
  const query = Object.entries(qs).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const response = await fetch(`${url}${query.length === 0 ? '' : `?${query.join('&')}`}`, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok && failOnStatusCode !== false) throw new Error(`${response.status} ${text}`);
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
}

/**
 * Defines the globals `Cypress` and `cy`.
 *
 * @param settings the functions that return the settings of the plugin, by the name of Cypress's function
 * @returns the commands that the plugin adds. A command that continues a chain gets the previous value as its first
 *   argument.
 */
export function fakeCypress(
  settings: Readonly<Record<string, (name: string) => unknown>>,
): ReadonlyMap<string, Command> {
  const commands = new Map<string, Command>();
  Object.assign(globalThis, {
    Cypress: {
      config: () => 60_000,
      ...settings,
      Commands: {
        add: (name: string, ...rest: readonly unknown[]) => commands.set(name, rest.at(-1) as Command),
      },
    },
    cy: {
      request: (request: CypressRequest) => chain(send(request)),
      wrap: <T>(value: T) => chain(value),
      env: () => chain({}),
      wait: (time: number) => new Promise((resolve) => setTimeout(resolve, time)),
      verifyUpcomingAssertions: <T>(value: T) => value,
    },
  });
  return commands;
}
