/**
 * The interface of a SASL mechanism (RFC 4422): an exchange without I/O. The code of the mail protocol sends
 * and receives the octets and decodes them from base64. Every response of a client results in a step, never in
 * an exception.
 */

/**
 * The secret that a login of a user requires: any secret is accepted, only one password is accepted, or the user is
 * unknown.
 */
export type SaslSecret =
  | { readonly kind: 'any' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'unknown' };

export type SaslStep =
  /** The server sends `data` and waits for the client's response. */
  | { readonly kind: 'challenge'; readonly data: Buffer }
  /** The login succeeded. `user` is empty when the client sent no name and none is required. */
  | { readonly kind: 'success'; readonly user: string }
  /**
   * The login failed. `reason` is for the log and the transcript; the client is informed of the failure, but not of the
   * reason.
   */
  | { readonly kind: 'failure'; readonly reason: string };

export interface SaslExchange {
  /**
   * Processes a response of the client and returns the next step of the exchange. `response` is `null` when the
   * client has sent no initial response.
   */
  step(response: Buffer | null): Promise<SaslStep>;
}

/** The services that an exchange uses: secrets, random numbers, the host name and the clock. */
export interface SaslWorld {
  secret(user: string): Promise<SaslSecret>;
  /** Returns the given number of unpredictable octets, for salts. */
  randomBytes(size: number): Buffer;
  /** Returns a nonce for SCRAM: printable, unpredictable, never repeated, without a comma (RFC 5802 §5.1). */
  nonce(): string;
  /** The host name of this server, for the challenge of CRAM-MD5. */
  readonly hostname: string;
  /** Returns the current time in milliseconds since the epoch. */
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
