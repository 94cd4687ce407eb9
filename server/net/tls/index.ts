/** The private key, the certificate and the TLS options of a listener with TLS. */
import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';

export interface TlsMaterial {
  /** The private key, in PEM. */
  readonly key: string;
  /** The certificate and its intermediate certificates, in PEM. */
  readonly cert: string;
  /**
   * The certificate of the authority that clients may trust, in PEM; `null` when the certificate was not made by
   * Restante.
   */
  readonly ca?: string | null;
  /** The TLS ciphers; Node's defaults when absent. */
  readonly ciphers?: string;
  readonly minVersion?: SecureVersion;
}

/**
 * Maximum time in which a client must complete the TLS handshake, in milliseconds. A server that closes waits
 * at most this long for clients during their handshake.
 */
export const HANDSHAKE_TIMEOUT = 10_000;

/** Returns the key, the certificate and the options in the form that Node's TLS functions require. */
export const serverOptions = ({ key, cert, ciphers, minVersion }: TlsMaterial) => ({
  key,
  cert,
  ...(ciphers === undefined ? {} : { ciphers }),
  ...(minVersion === undefined ? {} : { minVersion }),
});

/**
 * Creates the TLS context. Throws the error of OpenSSL when the key or the certificate cannot be read or when they
 * do not belong together.
 */
export const secureContext = (material: TlsMaterial): SecureContext =>
  createSecureContext(serverOptions(material));
