/** Converts every error to a problem document (RFC 9457) and sends it. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../../contract/index.ts';
import { problemOf } from '../../../contract/problems.ts';
import { knownProblem } from '../../service/problem.ts';
import { problemPage } from './page.ts';

/** The problems for errors that Fastify throws before it calls a route, by HTTP status code. */
const HTTP_PROBLEMS: Readonly<Record<number, (message: string) => Problem>> = {
  413: (detail) => problemOf('too-large', { detail }),
  414: (detail) => problemOf('too-large', { detail }, 414),
  415: () =>
    problemOf('media-type', {
      detail: 'Send the Content-Type application/json, or message/rfc822 for a raw message',
    }),
};

function ofFastify({ statusCode, message }: FastifyError): Problem | null {
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return null;
  return HTTP_PROBLEMS[statusCode]?.(message) ?? problemOf('bad-request', { detail: message }, statusCode);
}

/**
 * Returns whether a browser shows the response to a person: when a person opens a URL in a browser, the field
 * Accept contains HTML.
 */
export const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && /\btext\/html\b/i.test(headers.accept ?? '');

/**
 * Sends a problem document.
 * @param serialise returns the document as JSON, for a caller that already has some parts of the document as
 *   JSON
 */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem,
  serialise: () => string | Buffer = () => JSON.stringify(problem),
): FastifyReply {
  if (wantsPage(reply.request)) {
    return reply.code(problem.status).type('text/html; charset=utf-8').send(problemPage(problem));
  }
  return reply.code(problem.status).type('application/problem+json').send(serialise());
}

/** Returns whether a request failed because its connection was closed, for example after an invalid chunk. */
const isClientGone = (error: unknown, { raw }: FastifyRequest): boolean =>
  raw.destroyed && (error as NodeJS.ErrnoException).code === 'ECONNRESET';

/** The error handler of Fastify: sends the problem document of an error, and logs unexpected errors. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = knownProblem(error) ?? ofFastify(error as FastifyError);
  if (problem !== null) return sendProblem(reply, problem);
  if (isClientGone(error, request)) {
    request.log.debug(
      { err: error, url: request.url },
      'api: the client closed the connection before its request was complete',
    );
    return sendProblem(reply, problemOf('bad-request'));
  }
  request.log.error({ err: error, url: request.url }, 'api: unexpected failure');
  return sendProblem(reply, problemOf('internal'));
}
