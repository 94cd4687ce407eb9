/** Converts every error to a problem document (RFC 9457) and sends it. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { SmtpReply } from '../../capture/submission.ts';
import { FileRuleError, RuleError } from '../../rules/engine.ts';
import { TooManyWaiting } from '../../net/turns.ts';
import { ApplicationRefusal } from '../../relay/application.ts';
import { RelayRefusal, type RefusalCode } from '../../relay/refusal.ts';
import { QueryError } from '../../store/find/language/ast.ts';
import { StoreError } from '../../store/store.ts';
import type { Problem } from '../../../contract/index.ts';
import { problemOf, ProblemError } from '../../../contract/problems.ts';
import { problemPage } from './page.ts';

/** The HTTP status codes for releases that the relay refuses for a reason other than its policy. */
const REFUSAL_STATUS: Partial<Readonly<Record<RefusalCode, number>>> = {
  'bad-address': 400,
  'no-recipients': 400,
  'not-found': 404,
};

/** The problems for errors that Fastify throws before it calls a route, by HTTP status code. */
const HTTP_PROBLEMS: Readonly<Record<number, (message: string) => Problem>> = {
  413: (detail) => problemOf('too-large', { detail }),
  414: (detail) => problemOf('too-large', { detail }, 414),
  415: () =>
    problemOf('media-type', {
      detail: 'Send the Content-Type application/json, or message/rfc822 for a raw message',
    }),
};

/**
 * Returns the problem document for an error that a module called by the API has thrown; `null` for an
 * unexpected error.
 */
function known(error: unknown): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ApplicationRefusal) return problemOf('application-refused', { detail: error.message });
  if (error instanceof TooManyWaiting) return problemOf('busy', { detail: error.message });
  if (error instanceof QueryError) {
    return problemOf('query', { detail: error.message, position: error.position });
  }
  if (error instanceof RuleError) {
    const errors = error.problems.map(({ path, message }) => ({ path, message }));
    return problemOf('rule', { detail: error.message, errors });
  }
  if (error instanceof FileRuleError) return problemOf('file-rule', { detail: error.message });
  if (error instanceof RelayRefusal) {
    const { code, message, recipients } = error;
    const members = { detail: message, code, recipients: [...recipients] };
    return problemOf('relay-refused', members, REFUSAL_STATUS[code]);
  }
  if (error instanceof SmtpReply) {
    const detail = `${error.code} ${error.status ?? ''} ${error.message}`.replace('  ', ' ');
    return problemOf('refused', { detail });
  }
  if (error instanceof StoreError) return problemOf(error.code, { detail: error.message });
  return ofFastify(error as FastifyError);
}

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
  const problem = known(error);
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
