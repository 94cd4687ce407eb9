/** The outcome of a message for one recipient: accepted, deferred, or permanently refused. */
import { serverReplyText, type ServerReply } from '../smtp/client/index.ts';

export interface Verdict {
  readonly kind: 'delivered' | 'deferred' | 'failed';
  /** The enhanced status code (RFC 3463). */
  readonly status: string;
  /** The reason, as a text for the user: the server's reply, or a description of the error. */
  readonly reason: string;
  /**
   * The server's reply, for the field Diagnostic-Code of a delivery status notification; `null` if there was
   * no reply.
   */
  readonly reply: string | null;
}

/** Returns the outcome of a permanent failure. */
export const failed = (status: string, reason: string): Verdict => ({
  kind: 'failed',
  status,
  reason,
  reply: null,
});

/** Returns the outcome of a temporary failure. */
export const deferred = (status: string, reason: string): Verdict => ({
  kind: 'deferred',
  status,
  reason,
  reply: null,
});

/**
 * Returns the outcome that the first digit of a server's reply code indicates (RFC 5321 §4.2.1). An invalid reply
 * code counts as a temporary failure.
 */
export function verdictOf(reply: ServerReply): Verdict {
  const text = serverReplyText(reply);
  const kind = reply.code < 400 ? 'delivered' : reply.code >= 500 ? 'failed' : 'deferred';
  const digit = kind === 'delivered' ? '2' : kind === 'failed' ? '5' : '4';
  const status = reply.status?.startsWith(digit) === true ? reply.status : `${digit}.0.0`;
  return { kind, status, reason: text, reply: text };
}

/** The error for a routing problem, with the outcome of the delivery: failed permanently or deferred. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.verdict = verdict;
  }
}
