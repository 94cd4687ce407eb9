/**
 * Registers `/providers/NAME/…`: finds the call of a request, checks its API key, reads its body, and converts
 * errors to the form of the provider.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../../contract/problems.ts';
import { NoRoom } from '../net/in-flight/index.ts';
import { isTemporary } from '../store/store.ts';
import { Failed, Refused, type Answer, type Failure } from './answer.ts';
import { MemberError } from './json.ts';
import type { Provider, ProviderDeps, Route } from './provider.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Sends a response. */
function sendAnswer(reply: FastifyReply, { status, type, headers = {}, body }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (type === null) return reply.send();
  // Fastify would add a charset to the media type of a text.
  return reply.header('content-type', type).send(Buffer.from(body));
}

/** Returns the kind of failure for the status of an error that the server's access checks or Fastify threw. */
function kindOfStatus(status: number): Failure['kind'] {
  if (status === 413) return 'too-large';
  if (status === 401) return 'bad-key';
  return status === 403 || status === 421 ? 'host' : 'invalid';
}

/** Returns the provider's response for any error of a call, and logs an unexpected error. */
function answerFor(provider: Provider, error: unknown, request: FastifyRequest): Answer {
  if (error instanceof Refused) return error.answer;
  if (error instanceof Failed) return provider.failure(error.failure);
  if (error instanceof MemberError) return provider.wrongMember(error.path, error.problem, error.isMissing);
  if (error instanceof NoRoom || isTemporary(error))
    return provider.failure({
      kind: 'try-later',
      message: 'There is no room for the message: try again later',
    });
  if (error instanceof ProblemError) {
    const { status, detail, title } = error.problem;
    return provider.failure({ kind: kindOfStatus(status), message: detail ?? title });
  }
  const { statusCode = 500, message } = error as { readonly statusCode?: number; readonly message: string };
  if (statusCode < 500) return provider.failure({ kind: kindOfStatus(statusCode), message });
  request.log.error({ err: error, provider: provider.name }, 'providers: unexpected failure');
  return provider.failure({ kind: 'internal', message: 'Internal error: see the log of the server' });
}

interface Matcher {
  readonly route: Route;
  readonly pattern: RegExp;
}

/** Returns a regular expression that matches the paths of a call. */
function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.]/g, '\\.')
    .replaceAll(/:([a-z]+)/gi, (_match, name: string) => `(?<${name}>[^/]+)`);
  return new RegExp(`^${source}/?$`);
}

/** Finds the call for a method and a path. Throws `Failed` if there is none. */
function find(
  matchers: readonly Matcher[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  const found = matchers.flatMap(({ route, pattern }) => {
    const groups = pattern.exec(path);
    return groups === null ? [] : [{ route, groups: groups.groups ?? {} }];
  });
  const hit = found.find(({ route }) => route.method === method);
  if (hit !== undefined) {
    const params = Object.entries(hit.groups).map(
      ([name, value]) => [name, decodeURIComponent(value)] as const,
    );
    return { route: hit.route, params: Object.fromEntries(params) };
  }
  if (found.length === 0)
    throw new Failed('not-found', `Restante does not emulate ${method} ${path}: see docs/providers.md`);
  const methods = found.map(({ route }) => route.method).join(', ');
  throw new Failed('method', `${path} supports ${methods}, not ${method}`);
}

/** The body of a request. Its octets count towards the limit of message octets in memory until `release`. */
async function holdBody({ inFlight }: ProviderDeps, { maxRequest }: Provider, request: FastifyRequest) {
  const held = inFlight.hold(maxRequest, { inMemory: true });
  const release = async (): Promise<void> => {
    await held.release();
  };
  try {
    for await (const chunk of request.raw as AsyncIterable<Buffer>) {
      await held.add(chunk);
      if (held.oversized) throw new Failed('too-large', `The body is larger than ${maxRequest} octets`);
    }
    return { body: await held.take(), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Registers the calls of a provider. `app` must have the base path of the server as its prefix. */
export function registerProvider(
  app: FastifyInstance,
  deps: ProviderDeps,
  name: string,
  load: () => Promise<Provider>,
): void {
  const root = `${deps.basePath}providers/${name}`;
  let matchers: readonly Matcher[] | null = null;

  const run = async (provider: Provider, request: FastifyRequest): Promise<Answer> => {
    matchers ??= provider.routes.map((route) => ({ route, pattern: patternOf(route.path) }));
    const [whole = '', ...query] = request.url.split('?');
    const path = whole.replaceAll(/\/{2,}/g, '/').slice(root.length) || '/';
    const { route, params } = find(matchers, request.method, path);
    const { body, release } = await holdBody(deps, provider, request);
    try {
      const { headers, ip } = request;
      const key = provider.keyOf(headers);
      if (key === null) throw new Failed('no-key', 'The request has no API key');
      const holder = await deps.keys.holderOf(key);
      if (holder === null) throw new Failed('bad-key', 'The API key is not valid');
      return await route.run(deps, {
        ...{ method: request.method, path, params, headers, body, key, holder, ip },
        url: `${request.protocol}://${request.host}${whole}`,
        query: new URLSearchParams(query.join('?')),
        now: deps.clock(),
      });
    } finally {
      await release();
    }
  };

  app.setErrorHandler(async (error, request, reply) => {
    const provider = await load();
    return sendAnswer(reply, answerFor(provider, error, request));
  });
  // The calls read the body themselves, because each provider has rules of its own about the media type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const provider = await load();
    const answer = await run(provider, request).catch((error: unknown) =>
      answerFor(provider, error, request),
    );
    return sendAnswer(reply, answer);
  };
  const options = { schema: { hide: true }, config: { access: 'key' } } as const;
  for (const url of [`/providers/${name}`, `/providers/${name}/*`])
    app.route({ method: METHODS, url, ...options, handler });
}
