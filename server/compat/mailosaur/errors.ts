/** The errors of Mailosaur's calls. */
import { CallError, jsonAnswer, type Answer } from '../answer.ts';
import type { Calls } from '../table.ts';

/** An error that names the parameter, or the member of the body, that is not valid. */
export class FieldError extends CallError {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

export const notFound = (): CallError => new CallError('Not found', 404);

/** The response of a call that changed something and returns nothing. */
export const DONE: Answer = { status: 204, type: null, body: '' };

/** Mailosaur's responses with these statuses have no body. */
const EMPTY: readonly number[] = [401, 403, 404, 405, 410];

export const failure: Calls['failure'] = (message, status, error) => {
  if (EMPTY.includes(status)) return { status, type: null, body: '' };
  const field = error instanceof FieldError ? error.field : 'request';
  return jsonAnswer(
    {
      type: status === 400 ? 'ValidationError' : 'Error',
      messages: { [field]: message },
      errors: [{ field, detail: [{ description: message }] }],
    },
    status,
  );
};
