/** The result for one recipient: accepted, deferred, or refused permanently. */
import { serverReplyText, type ServerReply } from '../smtp/client/index.ts';

export interface Verdict {
  readonly kind: 'delivered' | 'deferred' | 'failed';
  /** The enhanced status code (RFC 3463). */
  readonly status: string;
  /** A text for the user: the server's reply, or a description of the error. */
  readonly reason: string;
  /** The server's reply, for the field Diagnostic-Code of a DSN; `null` if there was none. */
  readonly reply: string | null;
}

/** Returns the verdict of a permanent failure. */
export const failed = (status: string, reason: string): Verdict => ({
  kind: 'failed',
  status,
  reason,
  reply: null,
});

/** Returns the verdict of a temporary failure. */
export const deferred = (status: string, reason: string): Verdict => ({
  kind: 'deferred',
  status,
  reason,
  reply: null,
});

/**
 * Returns the verdict on a reply by its first digit (RFC 5321 §4.2.1). An invalid reply code counts as a temporary
 * failure.
 */
export function verdictOf(reply: ServerReply): Verdict {
  const text = serverReplyText(reply);
  const kind = reply.code < 400 ? 'delivered' : reply.code >= 500 ? 'failed' : 'deferred';
  const digit = kind === 'delivered' ? '2' : kind === 'failed' ? '5' : '4';
  const status = reply.status?.startsWith(digit) === true ? reply.status : `${digit}.0.0`;
  return { kind, status, reason: text, reply: text };
}

/** The error for a routing problem that ends or defers a delivery. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.verdict = verdict;
  }
}
