/** What a TLS listener needs, whoever made it. */
import { createSecureContext, type SecureContext } from 'node:tls';

export interface TlsMaterial {
  /** Private key, PEM. */
  readonly key: string;
  /** Certificate and what chains it, PEM. */
  readonly cert: string;
  /** The authority that clients may trust, PEM; `null` where it is not ours. */
  readonly ca?: string | null;
}

/** Throws the system's error when key and certificate cannot be read or do not belong together. */
export const secureContext = ({ key, cert }: TlsMaterial): SecureContext =>
  createSecureContext({ key, cert });
