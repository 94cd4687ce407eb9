/**
 * Who may call: the machine itself and whoever was named. Host is checked against DNS rebinding, Origin against
 * pages of other sites (a WebSocket has no other guard), and `--web-auth` asks for a login.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiDeps } from './deps.ts';
import { ApiProblem } from './problem.ts';

/** Paths that probes ask, without a login. */
const PROBES = ['livez', 'readyz'];

/** On everything that is sent; a document with needs of its own overrides the policy. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
    "font-src 'self'; connect-src 'self'; frame-src 'self' blob:; manifest-src 'self'; base-uri 'self'; " +
    "form-action 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Names that only this machine answers to, so that a stranger's DNS cannot lead here. */
function isLocalName(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return bare === 'localhost' || bare.endsWith('.localhost') || net.isIP(bare) !== 0;
}

function hostnameOf(authority: string): string | null {
  try {
    return new URL(`http://${authority}`).hostname;
  } catch {
    return null;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function guard(app: FastifyInstance, deps: ApiDeps): void {
  const allowed = new Set(deps.allowOrigins.map((origin) => origin.replace(/\/$/, '').toLowerCase()));
  const allowedHosts = new Set([...allowed].map((origin) => hostnameOf(origin.replace(/^\w+:\/\//, ''))));
  const login = deps.webAuth === null ? null : digest(`${deps.webAuth.user}:${deps.webAuth.password}`);

  function checkHost(request: FastifyRequest): string {
    const hostname = hostnameOf(request.headers.host ?? '');
    if (hostname !== null && (isLocalName(hostname) || allowedHosts.has(hostname))) return hostname;
    throw new ApiProblem(421, 'host', 'This server does not go by that name', {
      detail: `Host is ${JSON.stringify(request.headers.host ?? '')}; if it is meant, start with --allow-origin`,
    });
  }

  function checkOrigin(request: FastifyRequest): void {
    const { origin } = request.headers;
    if (origin === undefined || allowed.has(origin.toLowerCase())) return;
    if (origin.toLowerCase() === `${request.protocol}://${(request.headers.host ?? '').toLowerCase()}`)
      return;
    throw new ApiProblem(403, 'origin', 'Pages of other sites may not call this server', {
      detail: `Origin is ${JSON.stringify(origin)}; if it is meant, start with --allow-origin`,
    });
  }

  function checkLogin(request: FastifyRequest): void {
    if (login === null || PROBES.some((name) => request.url === deps.basePath + name)) return;
    const match = /^basic\s+(\S+)$/i.exec(request.headers.authorization ?? '');
    const given = digest(Buffer.from(match?.[1] ?? '', 'base64').toString());
    if (!timingSafeEqual(given, login)) throw new ApiProblem(401, 'login', 'A login is needed');
  }

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    checkHost(request);
    checkOrigin(request);
    try {
      checkLogin(request);
    } catch (error) {
      reply.header('www-authenticate', 'Basic realm="Restante", charset="UTF-8"');
      throw error;
    }
  });
}
