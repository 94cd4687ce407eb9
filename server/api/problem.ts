/** Errors as problem documents (RFC 9457): the one place where a failure becomes a response. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { SmtpReply } from '../capture/reply.ts';
import { FileRuleError, RuleError } from '../capture/rules/engine.ts';
import { TooManyWaiting } from '../net/turns.ts';
import { ApplicationRefusal } from '../relay/application.ts';
import { RelayRefusal, type RefusalCode } from '../relay/refusal.ts';
import { QueryError } from '../store/query/ast.ts';
import { StoreError, type StoreErrorCode } from '../store/store.ts';
import type { Problem } from '../../contract/index.ts';
import { problemPage } from './problem-page.ts';

/** A failure that knows its problem document. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  /** @param type last part of the URN; further members go into the document. */
  constructor(
    status: number,
    type: string,
    title: string,
    members: Partial<Problem> & Record<string, unknown> = {},
  ) {
    super(members.detail ?? title);
    this.problem = { type: `urn:restante:${type}`, title, status, ...members };
  }
}

export const notFound = (detail: string): ApiProblem =>
  new ApiProblem(404, 'not-found', 'Not found', { detail });

export const badRequest = (detail: string, errors?: Problem['errors']): ApiProblem =>
  new ApiProblem(400, 'bad-request', 'Bad request', errors === undefined ? { detail } : { detail, errors });

const STORE_STATUS: Readonly<Record<StoreErrorCode, number>> = {
  exists: 409,
  'not-found': 404,
  'invalid-name': 400,
  'invalid-cursor': 400,
  closed: 503,
  locked: 503,
  io: 500,
  unwritable: 507,
  newer: 503,
};

/** Refusals that are no matter of policy. */
const REFUSAL_STATUS: Partial<Readonly<Record<RefusalCode, number>>> = {
  'bad-address': 400,
  'no-recipients': 400,
  'not-found': 404,
};

/** What Fastify refuses before a route sees it. */
const HTTP_PROBLEMS: ReadonlyMap<number, { readonly type: string; readonly title: string }> = new Map([
  [413, { type: 'urn:restante:too-large', title: 'The body is too large' }],
  [414, { type: 'urn:restante:too-large', title: 'The address is too long' }],
  [415, { type: 'urn:restante:media-type', title: 'This type of content is not understood here' }],
]);

/** The document of any error; `null` for one that is nobody's business but the log's. */
function known(error: unknown): Problem | null {
  if (error instanceof ApiProblem) return error.problem;
  if (error instanceof ApplicationRefusal) {
    return {
      type: 'urn:restante:application-refused',
      title: 'The application did not take the message',
      status: 502,
      detail: error.message,
    };
  }
  if (error instanceof TooManyWaiting) {
    const title = 'Too much is under way';
    return { type: 'urn:restante:busy', title, status: 503, detail: error.message };
  }
  if (error instanceof QueryError) {
    return {
      type: 'urn:restante:query',
      title: 'The query cannot be understood',
      status: 400,
      detail: error.message,
      position: error.position,
    };
  }
  if (error instanceof RuleError) {
    const errors = error.problems.map(({ path, message }) => ({ path, message }));
    return {
      type: 'urn:restante:rule',
      title: 'The rule cannot be understood',
      status: 400,
      detail: error.message,
      errors,
    };
  }
  if (error instanceof FileRuleError) {
    const title = 'The rule is read only';
    return { type: 'urn:restante:file-rule', title, status: 409, detail: error.message };
  }
  if (error instanceof RelayRefusal) {
    const { code, message, recipients } = error;
    const type = 'urn:restante:relay-refused';
    const title = 'Nothing of this release leaves';
    return {
      type,
      title,
      status: REFUSAL_STATUS[code] ?? 403,
      detail: message,
      code,
      recipients: [...recipients],
    };
  }
  if (error instanceof SmtpReply) {
    const detail = `${error.code} ${error.status ?? ''} ${error.message}`.replace('  ', ' ');
    return { type: 'urn:restante:refused', title: 'The message was refused', status: 422, detail };
  }
  if (error instanceof StoreError) {
    const status = STORE_STATUS[error.code];
    return { type: `urn:restante:${error.code}`, title: 'The store refuses', status, detail: error.message };
  }
  const { statusCode, message } = error as FastifyError;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return null;
  const { type, title } = HTTP_PROBLEMS.get(statusCode) ?? {
    type: 'urn:restante:bad-request',
    title: 'Bad request',
  };
  const detail =
    statusCode === 415
      ? 'Send a Content-Type that the call takes: application/json, or message/rfc822 for a raw message'
      : message;
  return { type, title, status: statusCode, detail };
}

/** Whether a person looks at the answer: browsers name HTML in Accept when somebody goes to an address. */
const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && /\btext\/html\b/i.test(headers.accept ?? '');

/** @param serialise makes the document, where the caller has parts of it as JSON already */
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

/** Whether a request failed because its connection was closed, for example after a chunk that cannot be read. */
const isClientGone = (error: unknown, { raw }: FastifyRequest): boolean =>
  raw.destroyed && (error as NodeJS.ErrnoException).code === 'ECONNRESET';

/** Fastify's error handler. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = known(error);
  if (problem !== null) return sendProblem(reply, problem);
  if (isClientGone(error, request)) {
    request.log.debug(
      { err: error, url: request.url },
      'api: the client left before its request was complete',
    );
    return sendProblem(reply, { type: 'urn:restante:bad-request', title: 'Bad request', status: 400 });
  }
  request.log.error({ err: error, url: request.url }, 'api: unexpected failure');
  const title = 'Something went wrong here, see the log';
  return sendProblem(reply, { type: 'urn:restante:internal', title, status: 500 });
}
