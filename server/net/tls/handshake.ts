/**
 * Explains failed TLS handshakes to the developer of the client: a client that does not trust the certificate often
 * shows no error, and the developer notices nothing but the missing mail.
 */
export interface HandshakeFailure {
  /**
   * The address of the client whose handshake failed, as `address:port`; `null` when the system no longer knows the
   * address.
   */
  readonly peer: string | null;
  /** The reason for the failed handshake, as one sentence without a full stop. */
  readonly reason: string;
  /**
   * The advice that helps the developer: `trust` if the client seems not to trust the certificate, `port` if the
   * client uses the wrong port.
   */
  readonly advice: 'trust' | 'port' | 'none';
}

/** Node's error code for a client that sends an HTTP request on a port that requires TLS. */
export const HTTP_IN_CLEAR = 'ERR_SSL_HTTP_REQUEST';

/** An object that is notified of each failed TLS handshake. */
export interface HandshakeWatch {
  handshakeFailed(failure: HandshakeFailure): void;
}

type Reason = Omit<HandshakeFailure, 'peer'>;

/**
 * The reason that is reported for a client that finished the handshake and disconnected without sending a
 * command. Clients that run on Node or Go check the certificate only at that time.
 */
export const LEFT_AFTER_HANDSHAKE: Reason = {
  reason:
    'the client disconnected right after the handshake, probably because it does not trust the certificate',
  advice: 'trust',
};

/** The reason that is reported for a client that began with TLS on a port whose protocol begins in clear text. */
export const HELLO_IN_CLEAR: Reason = {
  reason: 'the client began with TLS on a port that begins in clear text',
  advice: 'port',
};

const LEFT_DURING_HANDSHAKE: Reason = {
  reason: 'the client disconnected during the handshake, probably because it does not trust the certificate',
  advice: 'trust',
};

/**
 * The reason that is reported for a client that sent no octet of a handshake: it waits for a greeting in clear
 * text, or only tests whether the port is open.
 */
const SILENT: Reason = {
  reason:
    'the client sent nothing on a port that begins with TLS: if it waits for a greeting in clear, use the port without TLS',
  advice: 'none',
};

/**
 * Reasons for failed handshakes, each with a pattern of OpenSSL error names; the first pattern that matches is
 * used.
 */
const REASONS: readonly (readonly [code: RegExp, reason: string, advice?: 'trust'])[] = [
  [/ALERT_UNKNOWN_CA/, 'the client rejected the certificate: unknown CA', 'trust'],
  [/ALERT_CERTIFICATE_EXPIRED/, 'the client rejected the certificate: it has expired', 'trust'],
  [/ALERT_CERTIFICATE_REVOKED/, 'the client rejected the certificate: it is revoked', 'trust'],
  [
    /ALERT_(?:BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_UNKNOWN/,
    'the client rejected the certificate',
    'trust',
  ],
  [/HTTP_REQUEST|HTTPS_PROXY_REQUEST/, 'the client sent plain HTTP to a port that requires TLS'],
  [
    /UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION/,
    'the client and the server have no version of TLS in common',
  ],
  [
    /NO_SHARED_CIPHER|NO_SUITABLE|NO_SHARED/,
    'the client and the server have no cipher or signature in common',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE|RECORD_LAYER/,
    'the client sent octets that are not TLS',
  ],
  [/HANDSHAKE_TIMEOUT/, 'the client did not finish the handshake in time'],
  [/DECRYPT|BAD_RECORD_MAC/, 'the client sent a record that cannot be decrypted'],
];

const QUIET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'SocketError', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * Returns the reason for an error of the TLS socket.
 *
 * @param error the error that the socket reported; `null` when the connection closed without an error
 * @param received the number of octets that the client sent since the handshake began, if the caller knows it
 */
export function handshakeReason(
  error: (Error & { readonly code?: string | undefined }) | null,
  received?: number,
): Reason {
  const code = error?.code ?? '';
  if (error === null || QUIET.has(code)) return received === 0 ? SILENT : LEFT_DURING_HANDSHAKE;
  const known = REASONS.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return { reason: known[1], advice: known[2] ?? 'none' };
  const alert = /ALERT_(\w+)/.exec(code)?.[1];
  const words = alert?.toLowerCase().replaceAll('_', ' ') ?? error.message.split('\n')[0] ?? '';
  return { reason: alert === undefined ? words : `the client sent the alert “${words}”`, advice: 'none' };
}

/**
 * Returns whether the octets begin like a TLS handshake; the first two octets of the TLS record are examined
 * (RFC 8446 §5.1).
 */
export const beginsWithTls = (octets: Uint8Array): boolean => octets[0] === 22 && octets[1] === 3;

/**
 * Returns a client's address as `address:port`, with an IPv6 address in brackets; `null` when the socket has no
 * address.
 */
export function peerOf(socket: {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}): string | null {
  const { remoteAddress: address, remotePort: port } = socket;
  return address === undefined ? null : `${address.includes(':') ? `[${address}]` : address}:${port ?? 0}`;
}
