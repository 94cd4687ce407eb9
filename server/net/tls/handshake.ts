/**
 * TLS handshakes that fail, in words for the developer whose client failed: a client that does not trust the
 * certificate often says nothing itself, and its mail is just missing.
 */
export interface HandshakeFailure {
  /** The client as `address:port`; `null` where the system no longer knows it. */
  readonly peer: string | null;
  /** One sentence without a full stop. */
  readonly reason: string;
  /** Whether the client does not trust the certificate, as far as the server can see. */
  readonly untrusted: boolean;
}

/** Node's code for a client that sends an HTTP request where TLS begins. */
export const HTTP_IN_CLEAR = 'ERR_SSL_HTTP_REQUEST';

/** Is notified of each handshake that fails. */
export interface HandshakeWatch {
  handshakeFailed(failure: HandshakeFailure): void;
}

type Reason = Omit<HandshakeFailure, 'peer'>;

/** The client finished the handshake and left without a command. Node and Go check the certificate only then. */
export const LEFT_AFTER_HANDSHAKE: Reason = {
  reason: 'the client left right after the handshake, as clients do that do not trust the certificate',
  untrusted: true,
};

/** The client began with TLS where TLS begins with a command. */
export const HELLO_IN_CLEAR: Reason = {
  reason:
    'the client began with TLS on a port that begins in clear: use STARTTLS there, or the port with TLS',
  untrusted: false,
};

const LEFT_DURING_HANDSHAKE: Reason = {
  reason: 'the client left during the handshake, as clients do that do not trust the certificate',
  untrusted: true,
};

/** By what OpenSSL names the error; the first that matches explains it. */
const REASONS: readonly (readonly [code: RegExp, reason: string, untrusted?: boolean])[] = [
  [/ALERT_UNKNOWN_CA/, 'the client rejected the certificate: unknown CA', true],
  [/ALERT_CERTIFICATE_EXPIRED/, 'the client rejected the certificate: it has expired', true],
  [/ALERT_CERTIFICATE_REVOKED/, 'the client rejected the certificate: it is revoked', true],
  [
    /ALERT_(?:BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_UNKNOWN/,
    'the client rejected the certificate',
    true,
  ],
  [/HTTP_REQUEST|HTTPS_PROXY_REQUEST/, 'the client spoke HTTP in clear on a port that begins with TLS'],
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

/** @param error What the TLS socket reported; `null` where the connection just closed. */
export function handshakeReason(error: (Error & { readonly code?: string | undefined }) | null): Reason {
  if (error === null || QUIET.has(error.code ?? '')) return LEFT_DURING_HANDSHAKE;
  const code = error.code ?? '';
  const known = REASONS.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return { reason: known[1], untrusted: known[2] ?? false };
  const alert = /ALERT_(\w+)/.exec(code)?.[1];
  const words = alert?.toLowerCase().replaceAll('_', ' ') ?? error.message.split('\n')[0] ?? '';
  return { reason: alert === undefined ? words : `the client sent the alert “${words}”`, untrusted: false };
}

/** The first two octets of a TLS record that holds a handshake (RFC 8446 §5.1). */
export const beginsWithTls = (octets: Uint8Array): boolean => octets[0] === 22 && octets[1] === 3;

/** A client's address as failures have it. */
export function peerOf(socket: {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}): string | null {
  const { remoteAddress: address, remotePort: port } = socket;
  return address === undefined ? null : `${address.includes(':') ? `[${address}]` : address}:${port ?? 0}`;
}
