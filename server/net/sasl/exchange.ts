/**
 * What a SASL mechanism is here (RFC 4422): an exchange without I/O. The protocol carries the octets; the
 * exchange sees them decoded from base64. Whatever a client sends ends in a step, never in an exception.
 */

/** What is known of a user's secret; see `Authenticator`. */
export type SaslSecret =
  | { readonly kind: 'any' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'unknown' };

export type SaslStep =
  /** Send these octets and wait for the client's. */
  | { readonly kind: 'challenge'; readonly data: Buffer }
  /** `user` is empty where the client gave no name and none is required. */
  | { readonly kind: 'success'; readonly user: string }
  /** `reason` is for the log and the transcript; the client learns no more than that it failed. */
  | { readonly kind: 'failure'; readonly reason: string };

export interface SaslExchange {
  /** The client's response; `null` when it has sent none yet (no initial response). */
  step(response: Buffer | null): Promise<SaslStep>;
}

/** What an exchange needs of the world. */
export interface SaslWorld {
  secret(user: string): Promise<SaslSecret>;
  /** Unpredictable octets, for salts. */
  randomBytes(size: number): Buffer;
  /** Printable, unpredictable, never given twice, without a comma (RFC 5802 §5.1). */
  nonce(): string;
  /** Name of this server, for CRAM-MD5's challenge. */
  readonly hostname: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export type SaslMechanism = (world: SaslWorld) => SaslExchange;

export const EMPTY = Buffer.alloc(0);

export const failure = (reason: string): SaslStep => ({ kind: 'failure', reason });
export const challenge = (data: Buffer | string): SaslStep => ({
  kind: 'challenge',
  data: typeof data === 'string' ? Buffer.from(data) : data,
});
export const success = (user: string): SaslStep => ({ kind: 'success', user });
