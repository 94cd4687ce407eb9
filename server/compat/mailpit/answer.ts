/** The responses of Mailpit's API: texts, JSON, octets, and errors as a text. */
import type { Readable } from 'node:stream';

export interface Answer {
  /** The HTTP status; 200 if absent. */
  readonly status?: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

const PLAIN = 'text/plain; charset=utf-8';

export const textAnswer = (body: string, status = 200): Answer => ({ status, type: PLAIN, body });
export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

/** The response to every call that changes something. */
export const OK: Answer = { type: 'text/plain', body: 'ok' };

export const redirect = (location: string): Answer => ({
  status: 302,
  type: PLAIN,
  headers: { location },
  body: '',
});

/** An error that a call reports to the client, as a text with an HTTP status. */
export class MailpitError extends Error {
  override readonly name = 'MailpitError';
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/**
 * The two errors for a message that does not exist: most calls report the first, and calls for the latest
 * message report the second.
 */
export const notFound = (): MailpitError => new MailpitError('404 page not found', 404);
export const noMessage = (): MailpitError => new MailpitError('Message not found', 404);
