/**
 * Decides which requests are processed: requests by programs, by the pages of the UI, and by pages of the
 * origins that `--allow-origin` permits. The check of the field Host prevents DNS rebinding; the check of
 * Origin and Sec-Fetch-Site blocks pages of other sites (browsers do not protect WebSockets otherwise);
 * `--web-auth` requires a login.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostnameOf, parseOriginPattern } from '../net/origin-pattern.ts';
import type { ApiDeps } from './deps.ts';
import type { FrameTokens } from '../service/preview/frame-token.ts';
import { isLocalName } from '../service/preview/local-name.ts';
import { badRequest, ProblemError } from '../../contract/problems.ts';

/** The security header fields of every response; some documents override the content security policy. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
    "font-src 'self'; connect-src 'self'; frame-src 'self' blob:; manifest-src 'self'; base-uri 'self'; " +
    "form-action 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The methods and header fields that a page of an allowed origin may send (Fetch §3.2). */
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, if-none-match, last-event-id, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name',
  'access-control-max-age': '600',
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Returns the value of a header field in lower case; `undefined` if the field is absent. */
const field = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value.toLowerCase() : undefined;
};

/** Returns whether a person opens a URL in the browser, as opposed to a page that loads a resource. */
const isNavigation = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  field(request, 'sec-fetch-mode') === 'navigate' &&
  field(request, 'sec-fetch-dest') === 'document';

/**
 * Returns whether the calling page was loaded from this server. Browsers report this in the field
 * Sec-Fetch-Site, which no script can set and which is also correct behind a proxy that changes Host. Without
 * that field, Origin must have the host and port of Host. The scheme of Origin may be https although the
 * request came in clear text, because a proxy may terminate TLS.
 */
function isOwnPage(request: FastifyRequest, origin: string): boolean {
  if (field(request, 'sec-fetch-site') === 'same-origin') return true;
  const scheme = /^https?:/.exec(origin)?.[0];
  if (scheme === undefined || (scheme === 'http:' && request.protocol === 'https')) return false;
  const host = `${scheme}//${request.headers.host ?? ''}`;
  return URL.canParse(host) && new URL(host).origin === origin;
}

/**
 * Returns the command-line option that would permit pages of this host, so that the user can copy it from the
 * error text.
 */
const optionFor = (request: FastifyRequest, host: string): string => {
  const scheme = field(request, 'x-forwarded-proto') === 'https' ? 'https' : request.protocol;
  return `--allow-origin ${scheme}://${host}`;
};

/** Returns a function that decides whether a host name is accepted as a name of this server. */
export function knownHosts(allowOrigins: readonly string[]): (hostname: string) => boolean {
  const allowed = allowOrigins.map(parseOriginPattern);
  return (hostname) => isLocalName(hostname) || allowed.some((pattern) => pattern.matchesHost(hostname));
}

/** Returns the text `user:password` of the Basic authentication; an empty text if there is none. */
function basicOf({ headers }: FastifyRequest): string {
  const match = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '');
  return Buffer.from(match?.[1] ?? '', 'base64').toString();
}

/**
 * Returns the API key of a request; an empty text if there is none. The clients of Mailosaur send it as the user of the
 * Basic authentication without a password, the clients of Mailtrap send it as a Bearer token or in the field
 * `Api-Token`.
 */
function keyOf(request: FastifyRequest): string {
  const { authorization = '', 'api-token': token } = request.headers;
  if (typeof token === 'string') return token;
  return /^bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? basicOf(request).replace(/:$/, '');
}

export function guard(app: FastifyInstance, deps: ApiDeps, frameTokens: FrameTokens): void {
  const allowed = deps.allowOrigins.map(parseOriginPattern);
  const isKnownHost = knownHosts(deps.allowOrigins);
  const login = deps.webAuth === null ? null : digest(`${deps.webAuth.user}:${deps.webAuth.password}`);
  const isAllowed = (origin: string): boolean => allowed.some((pattern) => pattern.matches(origin));

  function checkHost(request: FastifyRequest): void {
    const { host } = request.headers;
    // An HTTP/1.0 request without the field Host (RFC 9112 §3.2) is accepted: it does not come from a page of
    // another site, because browsers always send Host.
    if (host === undefined && request.raw.httpVersion === '1.0') return;
    const hostname = hostnameOf(host ?? '');
    if (hostname === null) {
      throw badRequest(
        host === undefined
          ? 'The Host field is missing'
          : `The Host field ${JSON.stringify(host)} is not valid`,
      );
    }
    if (isKnownHost(hostname)) return;
    const option = optionFor(request, host ?? '');
    throw new ProblemError('host', {
      detail: `The request names the host ${hostname}. If this server has that name, start it with ${option}`,
      option,
    });
  }

  /** Throws for requests from pages of other sites, including pages from other ports of this machine. */
  function checkPage(request: FastifyRequest): void {
    const origin = field(request, 'origin');
    if (origin !== undefined && isAllowed(origin)) return;
    if (origin !== undefined && !isOwnPage(request, origin)) {
      const names = `The page's origin is ${origin}, the request names the host ${request.headers.host ?? ''}`;
      if (origin === 'null') {
        throw new ProblemError('origin', `${names}. A sandboxed frame or a file has no origin`);
      }
      const option = `--allow-origin ${origin}`;
      throw new ProblemError('origin', {
        detail: `${names}. If the page may call it, start the server with ${option}. A proxy in front should pass Host on unchanged`,
        option,
      });
    }
    const site = field(request, 'sec-fetch-site');
    if ((site === 'cross-site' || site === 'same-site') && !isNavigation(request)) {
      throw new ProblemError(
        'origin',
        `Sec-Fetch-Site is ${site}: a page of another site, or of another port of this machine, sent the request`,
      );
    }
  }

  function checkLogin(request: FastifyRequest, reply: FastifyReply): void {
    const isKeyed = request.routeOptions.config.apiKey === true;
    const isAccepted = isKeyed ? acceptsKey(keyOf(request)) : login === null;
    if (isAccepted || (login !== null && timingSafeEqual(digest(basicOf(request)), login))) return;
    reply.header('www-authenticate', 'Basic realm="Restante", charset="UTF-8"');
    throw new ProblemError(
      'login',
      login === null
        ? `This API requires an API key: ${deps.apiKeys.length === 0 ? 'any text' : 'one of --provider-key'}`
        : 'The server was started with --web-auth: send its user and password',
    );
  }

  /** Returns whether an API key is accepted: the password of `--web-auth`; without it, a configured key or any key. */
  function acceptsKey(key: string): boolean {
    const accepted = deps.webAuth === null ? deps.apiKeys : [deps.webAuth.password];
    if (accepted.length === 0) return key !== '';
    return accepted.some((each) => timingSafeEqual(digest(key), digest(each)));
  }

  /**
   * Returns whether the preview of a message requests a part of that message. The preview has no origin and
   * cannot log in, but its token was issued to a caller that passed the access checks.
   */
  function hasFrameToken({ params, query }: FastifyRequest): boolean {
    const { id = '', part = '' } = params as { id?: string; part?: string };
    const { frame } = query as { frame?: unknown };
    return typeof frame === 'string' && frameTokens.accepts(id, part, frame);
  }

  /**
   * Adds the CORS header fields that let pages of allowed origins read the response. Returns true for a preflight
   * request, which is then complete.
   */
  function shareWith(request: FastifyRequest, reply: FastifyReply): boolean {
    const origin = field(request, 'origin');
    if (allowed.length > 0) reply.header('vary', 'origin');
    if (origin === undefined || !isAllowed(origin)) return false;
    reply.header('access-control-allow-origin', request.headers.origin);
    reply.header('access-control-allow-credentials', 'true');
    reply.header('access-control-expose-headers', 'content-disposition, etag, mcp-session-id');
    return request.method === 'OPTIONS' && field(request, 'access-control-request-method') !== undefined;
  }

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const { access } = request.routeOptions.config;
    if (access === 'probe') return;
    if (access === 'part' && hasFrameToken(request)) return;
    if (access !== 'metrics') checkHost(request);
    if (shareWith(request, reply)) return reply.headers(PREFLIGHT).code(204).send();
    if (access === undefined || access === 'part' || access === 'key') checkPage(request);
    if (access !== 'key') checkLogin(request, reply);
  });
}
