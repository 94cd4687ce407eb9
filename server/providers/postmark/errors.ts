/** The errors of Postmark's API: an error code and a message, with the HTTP status 422 for almost all of them. */
import { jsonAnswer, Refused, type Answer, type Failure } from '../answer.ts';

/** The codes of Postmark's documentation that Restante reports. */
export const CODES = {
  token: 10,
  maintenance: 100,
  request: 300,
  json: 402,
  fields: 403,
  batch: 410,
  template: 1101,
} as const;

export const errorAnswer = (code: number, message: string, status = 422): Answer =>
  jsonAnswer({ ErrorCode: code, Message: message }, status);

export const invalid = (message: string, code: number = CODES.request): Refused =>
  new Refused(errorAnswer(code, message));

const NAMES: Readonly<Record<Failure['kind'], readonly [status: number, code: number]>> = {
  'no-key': [401, CODES.token],
  'bad-key': [401, CODES.token],
  'not-found': [404, CODES.fields],
  method: [405, CODES.fields],
  invalid: [422, CODES.json],
  'too-large': [413, CODES.request],
  refused: [422, CODES.request],
  'try-later': [503, CODES.maintenance],
  host: [403, CODES.fields],
  internal: [500, CODES.fields],
};

const TEXTS: Partial<Record<Failure['kind'], string>> = {
  'no-key': 'No Account or Server API tokens were supplied in the HTTP headers.',
  'bad-key': 'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.',
};

export function failure({ kind, message }: Failure): Answer {
  const [status, code] = NAMES[kind];
  const answer = errorAnswer(code, TEXTS[kind] ?? message, status);
  return kind === 'try-later' ? { ...answer, headers: { 'retry-after': '1' } } : answer;
}

export const wrongMember = (path: string, problem: string): Answer =>
  errorAnswer(CODES.fields, `The field '${path}' ${problem}.`);
