/**
 * The catalogue of problems: every error of the HTTP API as a problem document (RFC 9457). The code throws a
 * problem by its name; the documentation and the OpenAPI document are generated from the catalogue.
 */
import type { Problem } from './schemas/problems.ts';

interface ProblemKind {
  readonly status: number;
  /** The HTTP status codes that replace `status` in the cases that `when` describes. */
  readonly otherStatuses?: readonly number[];
  /**
   * The title, which is the same for all problems of this kind; the `detail` of a problem document describes
   * the single case.
   */
  readonly title: string;
  /** The cases in which the problem occurs, described for the documentation in Markdown. */
  readonly when: string;
}

/** The kinds of problems by the last part of their type URN, sorted by HTTP status. */
export const problems = {
  'bad-request': {
    status: 400,
    title: 'The request is not valid',
    when: 'A parameter, a header field or the body is not valid. `errors` lists the values that do not validate.',
  },
  query: {
    status: 400,
    title: 'The query cannot be parsed',
    when: 'The query cannot be parsed. `position` is the offset of the error in the query, from 0.',
  },
  rule: {
    status: 400,
    title: 'The rule is not valid',
    when: 'A rule is not valid. `errors` lists its problems.',
  },
  'invalid-name': {
    status: 400,
    title: 'The name is not valid',
    when: 'No account or mailbox can have this name.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    when: '`cursor` is not the `next` of an earlier page.',
  },
  scope: {
    status: 400,
    title: 'The call does not select any items',
    when: 'A call for many items has neither a filter nor `all=true`. Nothing is changed.',
  },
  https: {
    status: 400,
    title: 'This port accepts HTTPS only',
    when: 'An HTTPS port received a request without TLS.',
  },
  login: { status: 401, title: 'A login is required', when: 'The server was started with `--web-auth`.' },
  origin: {
    status: 403,
    title: 'Pages of other sites may not call this server',
    when: 'A page of another site sent the request. `option` is the option that allows it.',
  },
  'relay-refused': {
    status: 403,
    otherStatuses: [400, 404],
    title: 'The release is refused',
    when:
      'Nothing of the release is sent: `code` is the reason, `recipients` lists the reason for each recipient. 400: an address ' +
      'is not valid, or the release has no recipients; 404: the message does not exist. Also a change of an allow list that is fixed.',
  },
  'not-found': { status: 404, title: 'Not found', when: 'The item or the address does not exist.' },
  'wait-timeout': {
    // The status of a wait that timed out is not 408 or 504, because browsers, curl and fetch libraries repeat
    // a request after these codes, and the caller would wait twice.
    status: 404,
    title: 'No message matched in time',
    when: 'No message matched within the timeout. `arrived` lists the messages that did arrive.',
  },
  method: {
    status: 405,
    title: 'The address does not support this method',
    when: 'The address does not support the method. `Allow` lists the methods that it supports.',
  },
  'slow-request': {
    status: 408,
    title: 'The request took too long',
    when: 'The header fields took more than 30 s, the body paused for 30 s, or both took more than 5 min.',
  },
  exists: {
    status: 409,
    title: 'The name is already in use',
    when: 'An account or a rule with this name exists already.',
  },
  'file-rule': {
    status: 409,
    title: 'The rule is read-only',
    when: 'The rule is from the rules file, and can only be changed there.',
  },
  'delivery-state': {
    status: 409,
    title: 'The state of the delivery does not allow this',
    when: 'The delivery is in a state in which it cannot be retried or cancelled.',
  },
  'no-application': {
    status: 409,
    title: 'The address of the application is not configured',
    when: 'The server was started without `--app`.',
  },
  'no-browser': {
    status: 409,
    title: 'There is no browser for pictures',
    when: 'No Chrome, Chromium or Edge is installed on the server’s machine, or the browser does not run, or `--chrome` is `off`.',
  },
  'too-large': {
    status: 413,
    otherStatuses: [414, 431],
    title: 'The request is too large',
    when: 'The body is larger than `--max-message-size` allows. 414 or 431: the URL or the header fields are too long.',
  },
  'media-type': {
    status: 415,
    title: 'The content type is not supported',
    when: 'The call does not support the `Content-Type`.',
  },
  expectation: {
    status: 417,
    title: 'The expectation is not supported',
    when: 'The request has an `Expect` other than `100-continue`.',
  },
  host: {
    status: 421,
    title: 'The host name is not a name of this server',
    when: '`Host` is a name that another site’s DNS could serve. `option` is the option that allows it.',
  },
  refused: {
    status: 422,
    title: 'The message was refused',
    when: 'A rule or a limit refused the message. `detail` is the SMTP reply.',
  },
  unreadable: {
    status: 422,
    title: 'The message cannot be read',
    when: 'Parsing or showing the message took too much time or memory. Its bytes can be downloaded.',
  },
  internal: {
    status: 500,
    title: 'Internal error: see the log of the server',
    when: 'A fault of the server, which it logs.',
  },
  io: {
    status: 500,
    title: 'Stored data cannot be read',
    when: 'Stored data cannot be read. `detail` is the reason.',
  },
  'application-refused': {
    status: 502,
    title: 'The application did not accept the message',
    when: 'The application refused the message or did not respond. `detail` is its reply, or the error.',
  },
  busy: {
    status: 503,
    title: 'The server is busy',
    when: 'Too many live checks, pictures, messages for `--app` or large messages are being processed. Try again in a moment.',
  },
  'not-ready': {
    status: 503,
    title: 'The server is not ready',
    when: 'The server is starting: not every port is bound yet (`/readyz`).',
  },
  'no-storage': {
    status: 503,
    title: 'The server cannot store messages',
    when: 'Nothing can be stored now. `detail` is the reason.',
  },
  closing: { status: 503, title: 'The server is stopping', when: 'The server is stopping.' },
  closed: { status: 503, title: 'The store is closed', when: 'The store is closed: the server is stopping.' },
  locked: {
    status: 503,
    title: 'The data directory is in use',
    when: 'Another process uses the data directory.',
  },
  newer: {
    status: 503,
    title: 'The data directory is of a newer version',
    when: 'A newer version of Restante wrote the data directory.',
  },
  unavailable: {
    status: 503,
    title: 'The database does not answer',
    when: 'The database of `--store` does not answer. `detail` is the reason. The same request may succeed later.',
  },
  unwritable: {
    status: 507,
    title: 'Nothing can be written',
    when: 'Nothing can be written, for example because the disk is full. `detail` is the reason.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as ProblemCode[];

const PREFIX = 'urn:restante:';

/** Returns the URN for the member `type` of the problem document. */
export const problemType = (code: ProblemCode): string => `${PREFIX}${code}`;

/**
 * Returns whether the type of a problem document is one of Restante's types, as opposed to a type of another
 * server or a proxy.
 */
export const isProblemType = (type: string): boolean => type.startsWith(PREFIX);

/** The members of a problem document besides `type` and `title`. */
export type ProblemMembers = Partial<Omit<Problem, 'type' | 'title' | 'status'>>;

/**
 * Returns a problem document for a kind of problem.
 * @param status the HTTP status that replaces the usual status of the kind: one of its `otherStatuses`, or
 *   the status of an error of the HTTP framework
 */
export function problemOf(code: ProblemCode, members: ProblemMembers = {}, status?: number): Problem {
  const kind: ProblemKind = problems[code];
  return { type: problemType(code), title: kind.title, status: status ?? kind.status, ...members };
}

/** An error that the API reports to the client; `problem` is the problem document that is sent. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  /**
   * Creates the error for a kind of problem.
   *
   * @param members the text of the member `detail`, or an object with all members of the problem document
   *   besides `type` and `title`
   */
  constructor(code: ProblemCode, members: string | ProblemMembers) {
    const problem = problemOf(code, typeof members === 'string' ? { detail: members } : members);
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export const notFound = (detail: string): ProblemError => new ProblemError('not-found', detail);

export const badRequest = (detail: string, errors?: Problem['errors']): ProblemError =>
  new ProblemError('bad-request', errors === undefined ? detail : { detail, errors });
