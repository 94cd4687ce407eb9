/** The errors of SendGrid's v3 API: a list of objects with a message, the path of the member, and a link to help. */
import { jsonAnswer, Refused, type Answer, type Failure } from '../answer.ts';

const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';

/** Returns the response with one error. `anchor` is the part of the help page; without it, there is no link. */
function errorAnswer(
  status: number,
  message: string,
  field: string | null = null,
  anchor: string | null = null,
): Answer {
  const help = anchor === null ? null : `${HELP}#${anchor}`;
  return jsonAnswer({ errors: [{ message, field, help }] }, status);
}

/** Returns the error for a member of the body that SendGrid refuses with 400. */
export const invalid = (message: string, field: string, anchor: string): Refused =>
  new Refused(errorAnswer(400, message, field, anchor));

const KEY = 'The provided authorization grant is invalid, expired, or revoked';

const STATUS: Readonly<Record<Failure['kind'], number>> = {
  'no-key': 401,
  'bad-key': 401,
  'not-found': 404,
  method: 405,
  invalid: 400,
  'too-large': 413,
  refused: 400,
  'try-later': 503,
  host: 403,
  internal: 500,
};

export function failure({ kind, message }: Failure): Answer {
  const text = kind === 'no-key' || kind === 'bad-key' ? KEY : message;
  const answer = errorAnswer(STATUS[kind], text);
  return kind === 'try-later' ? { ...answer, headers: { 'retry-after': '1' } } : answer;
}

/** Returns the path of a member in the form in which SendGrid's help page names it: without numbers. */
const anchorOf = (path: string): string => `message.${path.replaceAll(/\.\d+/g, '')}`;

export const wrongMember = (path: string, problem: string): Answer =>
  errorAnswer(400, `The ${path} parameter ${problem}.`, path, anchorOf(path));
