/** The responses of the APIs that answer as other tools do: texts, JSON, octets, streams, and errors. */
import type { Readable } from 'node:stream';

export interface Answer {
  /** The HTTP status; 200 if absent. */
  readonly status?: number;
  /** The media type; `null` for a response without a Content-Type. */
  readonly type: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

export const PLAIN = 'text/plain; charset=utf-8';

export const textAnswer = (body: string, status = 200): Answer => ({ status, type: PLAIN, body });
export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

export const redirect = (location: string): Answer => ({
  status: 302,
  type: PLAIN,
  headers: { location },
  body: '',
});

/** An error that a call reports to the client, with an HTTP status. Each tool has its own form of errors. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}
