/** Which listeners a configuration asks for, and how each is named to the user. */
import type { Endpoint } from '../api/contract.ts';
import type { OptionKey, SandboxConfig } from '../config.ts';

/** What every protocol's server offers the composition root. */
export interface Listener {
  /** Resolves when the port is bound; rejects with the system's error. */
  listen(): Promise<void>;
  address(): { readonly host: string; readonly port: number };
  /** Connections open now. */
  readonly connections: number;
  /** Stops accepting, lets what is under way finish, then closes. */
  close(): Promise<void>;
}

export type MailProtocol = Exclude<Endpoint['protocol'], 'http'>;

export interface WantedListener {
  readonly protocol: MailProtocol;
  readonly port: number;
  readonly option: OptionKey;
  readonly tls: Endpoint['tls'];
}

const ports = [
  ['smtp', 'smtpPort'],
  ['smtps', 'smtpsPort'],
  ['imap', 'imapPort'],
  ['imaps', 'imapsPort'],
  ['pop3', 'pop3Port'],
  ['pop3s', 'pop3sPort'],
] as const;

/** The mail listeners wanted: those of implicit TLS only where there is a certificate. */
export function wantedListeners(config: SandboxConfig, hasTls: boolean): WantedListener[] {
  return ports.flatMap(([protocol, option]) => {
    const port = config[option];
    const implicit = protocol.endsWith('s');
    if (port === null || (implicit && !hasTls)) return [];
    return [{ protocol, port, option, tls: implicit ? 'implicit' : hasTls ? 'starttls' : 'none' }];
  });
}

/** How the user reaches it. A wildcard address is shown as the loopback address, which always works. */
export function endpoint(
  protocol: Endpoint['protocol'],
  { host, port }: { readonly host: string; readonly port: number },
  tls: Endpoint['tls'],
  path = '',
): Endpoint {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const authority = `${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
  return { protocol, host: shown, port, tls, url: `${protocol}://${authority}${path}` };
}
