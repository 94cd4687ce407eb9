/** The errors of Mailtrap's calls. */
import { CallError, jsonAnswer } from '../answer.ts';
import type { Calls } from '../table.ts';

/** An error that names the attribute that is not valid. */
export class AttributeError extends CallError {
  readonly attribute: string;

  constructor(attribute: string, message: string) {
    super(message, 422);
    this.attribute = attribute;
  }
}

export const notFound = (): CallError => new CallError('Not Found', 404);

export const failure: Calls['failure'] = (message, status, error) => {
  if (status === 401) return jsonAnswer({ error: 'Incorrect API token' }, status);
  if (status === 404) return jsonAnswer({ error: 'Not Found' }, status);
  if (error instanceof AttributeError)
    return jsonAnswer({ errors: { [error.attribute]: [message] } }, status);
  return jsonAnswer(status === 403 ? { errors: message } : { error: message }, status);
};
