/**
 * The smart host as its URL names it: `smtp://host`, `smtp://user:password@host:587`, `smtps://host`. `smtps` is TLS
 * from the first octet; with credentials TLS is required and the certificate must be good, unless the query says
 * otherwise: `?tls=required|opportunistic|none&verify=false`.
 */
import type { ClientTls } from '../smtp/client/index.ts';

/** A mail server to try, in order. */
export interface RouteHost {
  /** Its name, or its address where it has no other. */
  readonly name: string;
  readonly port: number;
}

export interface SmartHost {
  readonly host: RouteHost;
  readonly tls: ClientTls;
  readonly verify: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** Throws an `Error` that never repeats the password. */
export function parseSmartHost(text: string): SmartHost {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error('The smart host is no URL of the form smtp(s)://[user:password@]host[:port]');
  }
  const implicit = url.protocol === 'smtps:';
  const credentials =
    url.username === ''
      ? null
      : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  const asked = url.searchParams.get('tls');
  if (asked !== null && (implicit || !/^(required|opportunistic|none)$/.test(asked))) {
    throw new Error('tls of the smart host is required, opportunistic or none, and goes with smtp:// only');
  }
  const usual = credentials === null ? 'opportunistic' : 'required';
  const tls = implicit ? 'implicit' : ((asked ?? usual) as ClientTls);
  return {
    host: {
      name: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (implicit ? 465 : credentials === null ? 25 : 587) : Number(url.port),
    },
    tls,
    verify: (tls === 'implicit' || tls === 'required') && url.searchParams.get('verify') !== 'false',
    credentials,
  };
}
