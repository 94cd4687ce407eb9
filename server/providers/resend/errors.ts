/** The errors of Resend's API: a status, a name and a message. */
import { jsonAnswer, Refused, type Answer, type Failure } from '../answer.ts';

export const errorAnswer = (statusCode: number, name: string, message: string): Answer =>
  jsonAnswer({ statusCode, name, message }, statusCode);

export const invalid = (message: string, name = 'validation_error'): Refused =>
  new Refused(errorAnswer(422, name, message));

const NAMES: Readonly<Record<Failure['kind'], readonly [status: number, name: string]>> = {
  'no-key': [401, 'missing_api_key'],
  'bad-key': [403, 'invalid_api_key'],
  'not-found': [404, 'not_found'],
  method: [405, 'method_not_allowed'],
  invalid: [422, 'validation_error'],
  'too-large': [413, 'validation_error'],
  refused: [422, 'validation_error'],
  'try-later': [503, 'application_error'],
  host: [403, 'restricted_api_key'],
  internal: [500, 'application_error'],
};

const TEXTS: Partial<Record<Failure['kind'], string>> = {
  'no-key': 'Missing API key in the authorization header',
  'bad-key': 'API key is invalid',
};

export function failure({ kind, message }: Failure): Answer {
  const [status, name] = NAMES[kind];
  const answer = errorAnswer(status, name, TEXTS[kind] ?? message);
  return kind === 'try-later' ? { ...answer, headers: { 'retry-after': '1' } } : answer;
}

export const wrongMember = (path: string, problem: string, isMissing: boolean): Answer =>
  isMissing
    ? errorAnswer(422, 'missing_required_field', `Missing \`${path}\` field.`)
    : errorAnswer(422, 'validation_error', `Invalid \`${path}\` field. It ${problem}.`);
