/**
 * Parses the URL of a smart host, the server through which all mail is relayed: `smtp://host`,
 * `smtp://user:password@host:587`, `smtps://host`. `smtps` uses TLS from the first octet. With credentials,
 * TLS is required and the certificate must be valid, unless the query of the URL changes this:
 * `?tls=required|opportunistic|none&verify=false`.
 */
import type { ClientTls } from '../smtp/client/index.ts';

/** A mail server to which the relay tries to connect. */
export interface RouteHost {
  /** The host name; the IP address if the host has no name. */
  readonly name: string;
  readonly port: number;
}

export interface SmartHost {
  readonly host: RouteHost;
  readonly tls: ClientTls;
  readonly verify: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

function credentialsOf(url: URL): SmartHost['credentials'] {
  if (url.username === '') return null;
  return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

/**
 * Returns the TLS mode for the URL of a smart host. With credentials, `smtp` requires TLS unless the query of
 * the URL names another mode.
 */
function tlsOf(url: URL, hasCredentials: boolean): ClientTls {
  const implicit = url.protocol === 'smtps:';
  const requested = url.searchParams.get('tls');
  if (requested !== null && (implicit || !/^(required|opportunistic|none)$/.test(requested))) {
    throw new Error(
      'The option tls of the smart host must be required, opportunistic or none, and is permitted with smtp:// only',
    );
  }
  if (implicit) return 'implicit';
  return (requested ?? (hasCredentials ? 'required' : 'opportunistic')) as ClientTls;
}

function portOf(url: URL, hasCredentials: boolean): number {
  if (url.port !== '') return Number(url.port);
  if (url.protocol === 'smtps:') return 465;
  return hasCredentials ? 587 : 25;
}

/** Parses the URL of a smart host. Throws an `Error` that never contains the password. */
export function parseSmartHost(text: string): SmartHost {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error('The smart host is not a URL of the form smtp(s)://[user:password@]host[:port]');
  }
  const credentials = credentialsOf(url);
  const tls = tlsOf(url, credentials !== null);
  return {
    host: {
      name: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: portOf(url, credentials !== null),
    },
    tls,
    verify: (tls === 'implicit' || tls === 'required') && url.searchParams.get('verify') !== 'false',
    credentials,
  };
}
