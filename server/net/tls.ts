/** What a TLS listener needs, whoever made it. */
import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';

export interface TlsMaterial {
  /** Private key, PEM. */
  readonly key: string;
  /** Certificate and what chains it, PEM. */
  readonly cert: string;
  /** The authority that clients may trust, PEM; `null` where it is not ours. */
  readonly ca?: string | null;
  /** In place of the system's. */
  readonly ciphers?: string;
  readonly minVersion?: SecureVersion;
}

/** Milliseconds in which a client must have shaken hands; a server that closes waits no longer either. */
export const HANDSHAKE_TIMEOUT = 10_000;

/** What a TLS server is made with. */
export const serverOptions = ({ key, cert, ciphers, minVersion }: TlsMaterial) => ({
  key,
  cert,
  ...(ciphers === undefined ? {} : { ciphers }),
  ...(minVersion === undefined ? {} : { minVersion }),
});

/** Throws the system's error when key and certificate cannot be read or do not belong together. */
export const secureContext = (material: TlsMaterial): SecureContext =>
  createSecureContext(serverOptions(material));
