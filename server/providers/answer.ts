/** The responses of the emulated providers, and the errors that every provider reports in a form of its own. */

/** An HTTP response. It is plain data, so that a worker thread can send it to the main thread. */
export interface Answer {
  readonly status: number;
  /** The media type; `null` for a response without content. */
  readonly type: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  type: null,
  headers,
  body: '',
});

/**
 * A reason why a request is refused that does not depend on the provider: each provider has a status and a body of
 * its own for it. `message` is one sentence for the developer of the application.
 *
 * - `no-key`: the request has no API key
 * - `bad-key`: the API key is not one of those that the server accepts
 * - `not-found`: the provider has no such path, or Restante does not emulate it
 * - `method`: the path exists, but not with this method
 * - `invalid`: the body is not valid JSON, or not the expected form
 * - `too-large`: the body or the composed message exceeds a limit
 * - `refused`: a rule or the store refused every message of the request permanently
 * - `try-later`: a rule or the store refused every message temporarily, or no memory is free
 * - `host`: the access checks of the server refused the request
 * - `internal`: an unexpected error, which is in the log
 */
export interface Failure {
  readonly kind:
    | 'no-key'
    | 'bad-key'
    | 'not-found'
    | 'method'
    | 'invalid'
    | 'too-large'
    | 'refused'
    | 'try-later'
    | 'host'
    | 'internal';
  readonly message: string;
}

/** Thrown for a reason that every provider reports in a form of its own. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly failure: Failure;

  constructor(kind: Failure['kind'], message: string) {
    super(message);
    this.failure = { kind, message };
  }
}

/** Thrown to refuse a request with a response that only one provider has. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`${answer.status} ${answer.body}`);
    this.answer = answer;
  }
}
