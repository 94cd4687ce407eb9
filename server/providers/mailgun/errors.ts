/** The errors of Mailgun's API: an object with a message, or plain text if the key is not valid. */
import { jsonAnswer, Refused, type Answer, type Failure } from '../answer.ts';

export const invalid = (message: string): Refused => new Refused(jsonAnswer({ message }, 400));

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
  const status = STATUS[kind];
  if (status === 401) return { status, type: 'text/plain; charset=utf-8', body: 'Forbidden' };
  const answer = jsonAnswer({ message }, status);
  return kind === 'try-later' ? { ...answer, headers: { 'retry-after': '1' } } : answer;
}

export const wrongMember = (path: string, problem: string, isMissing: boolean): Answer =>
  jsonAnswer({ message: isMissing ? `'${path}' parameter is missing` : `${path} parameter ${problem}` }, 400);
