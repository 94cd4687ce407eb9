/** What TLS negotiated on an SMTP connection, from what smtp-server remembers of it. */
import type { TlsFacts } from '../message/envelope.ts';

/** @param negotiated `false` before the handshake */
export function tlsFacts(
  negotiated: false | { readonly version: string; readonly name: string },
  servername: unknown,
): TlsFacts | null {
  if (negotiated === false) return null;
  const { version, name } = negotiated;
  return { protocol: version, cipher: name, servername: typeof servername === 'string' ? servername : null };
}
