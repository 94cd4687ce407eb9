/**
 * Lets the commands of a Cypress plugin run outside of Cypress: their requests are sent with `fetch`, and their chains
 * are promises.
 */

interface CypressRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly qs?: Readonly<Record<string, string | number | Date | undefined>>;
  /** The body of a request that the plugin passes to Cypress's server without the command `cy.request`. */
  readonly json?: unknown;
  /** `binary` for a response whose octets are returned as the characters of a string. */
  readonly encoding?: 'binary';
  readonly failOnStatusCode?: boolean;
}

interface Response {
  readonly status: number;
  readonly isOkStatusCode: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Command = (...args: unknown[]) => unknown;

/** A promise with the methods of a Cypress chain that the plugins use. */
type Chain<T> = Promise<T> & {
  its<Name extends keyof T>(name: Name): Chain<T[Name]>;
  timeout(): Chain<T>;
};

function chain<T>(value: T | PromiseLike<T>): Chain<T> {
  const promise = Promise.resolve(value);
  return Object.assign(promise, {
    its: <Name extends keyof T>(name: Name) => chain(promise.then((resolved) => resolved[name])),
    timeout: () => chain(promise),
  });
}

async function send({
  method,
  url,
  body,
  headers,
  qs = {},
  json,
  encoding,
  failOnStatusCode,
}: CypressRequest): Promise<Response> {
  const query = Object.entries(qs).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const text = value instanceof Date ? value.toISOString() : value;
    return [`${name}=${encodeURIComponent(text)}`];
  });
  const content = body ?? json;
  const response = await fetch(`${url}${query.length === 0 ? '' : `?${query.join('&')}`}`, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  const octets = Buffer.from(await response.arrayBuffer());
  const text = octets.toString(encoding === 'binary' ? 'latin1' : 'utf8');
  if (!response.ok && failOnStatusCode !== false) throw new Error(`${response.status} ${text}`);
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    isOkStatusCode: response.ok,
    headers: Object.fromEntries(response.headers),
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/**
 * Defines the globals `Cypress` and `cy`.
 *
 * @param settings the functions that return the settings of the plugin, by the name of Cypress's function
 * @param environment the environment variables that `cy.env` returns
 * @returns the commands that the plugin adds. A command that continues a chain gets the previous value as its first
 *   argument.
 */
export function fakeCypress(
  settings: Readonly<Record<string, (name: string) => unknown>>,
  environment: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Command> {
  const commands = new Map<string, Command>();
  const cy: Record<string, unknown> = {
    request: (request: CypressRequest) => chain(send(request)),
    wrap: <T>(value: T) => chain(value),
    env: () => chain(environment),
    wait: (time: number) => new Promise((resolve) => setTimeout(resolve, time)),
    verifyUpcomingAssertions: <T>(value: T) => value,
  };
  Object.assign(globalThis, {
    Cypress: {
      config: () => 60_000,
      Promise,
      backend: (_event: string, request: CypressRequest) =>
        chain(send({ ...request, failOnStatusCode: false })),
      ...settings,
      Commands: {
        add(name: string, ...rest: readonly unknown[]) {
          const command = rest.at(-1) as Command;
          commands.set(name, command);
          cy[name] = (...args: unknown[]) => chain(command(...args));
        },
      },
    },
    cy,
  });
  return commands;
}
