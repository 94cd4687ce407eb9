/**
 * Determines the listeners that a configuration requests, and the address of each listener as shown to users.
 */
import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import type { MailProtocol } from '../../contract/names.ts';
import type { Endpoint } from '../../contract/index.ts';
import type { OptionKey, SandboxConfig } from '../config/index.ts';

const LOOPBACK = /^(127\.|::1$|localhost$)/;

export interface WantedListener {
  readonly protocol: MailProtocol;
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket; `null` for a listener on host and port. */
  readonly path: string | null;
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

/**
 * Returns the mail listeners that the configuration requests. Listeners with implicit TLS are included only if
 * there is a certificate.
 */
export function wantedListeners(config: SandboxConfig, hasTls: boolean): WantedListener[] {
  const further = config.listen.map((listener): WantedListener => {
    const implicit = listener.protocol === 'smtps';
    return { ...listener, option: 'listen', tls: implicit ? 'implicit' : hasTls ? 'starttls' : 'none' };
  });
  const own = ports.flatMap(([protocol, option]): WantedListener[] => {
    const port = config[option];
    const implicit = protocol.endsWith('s');
    if (port === null || (implicit && !hasTls)) return [];
    const { host } = config;
    return [
      { protocol, host, port, path: null, option, tls: implicit ? 'implicit' : hasTls ? 'starttls' : 'none' },
    ];
  });
  return [...own, ...further];
}

export interface WantedWebListener {
  readonly protocol: 'http' | 'https';
  readonly port: number;
  readonly option: OptionKey;
}

/**
 * Returns the listeners of the web UI and the API. The HTTPS listener is included only if there is a
 * certificate.
 */
export function wantedWebListeners(
  { httpPort, httpsPort }: SandboxConfig,
  hasTls: boolean,
): WantedWebListener[] {
  const wanted: WantedWebListener[] = [];
  if (httpPort !== null) wanted.push({ protocol: 'http', port: httpPort, option: 'httpPort' });
  if (httpsPort !== null && hasTls) {
    wanted.push({ protocol: 'https', port: httpsPort, option: 'httpsPort' });
  }
  return wanted;
}

/** Describes a listener on a Unix socket; the path of the socket takes the place of the host. */
export const socketEndpoint = (
  protocol: Endpoint['protocol'],
  path: string,
  tls: Endpoint['tls'],
): Endpoint => ({ protocol, host: path, port: 0, tls, url: `${protocol}+unix:${path}` });

/**
 * Describes a listener by the address with which the user reaches it. For a wildcard address, the loopback
 * address is shown, because programs on this machine can always use it.
 */
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

/**
 * Returns the address to which a listener is bound. For a listener that is shown to users with the loopback
 * address in place of the wildcard address, this is the wildcard address.
 */
export const boundAddress = (shown: Endpoint, host: string): { host: string; port: number } => ({
  host: host === '0.0.0.0' || host === '::' ? host : shown.host,
  port: shown.port,
});

/**
 * Returns the addresses with which other machines reach a listener that is bound to `host`: none for a loopback
 * address, the addresses of this machine for a wildcard. IPv4 addresses come first. Link-local IPv6 addresses are
 * omitted, because they need a zone, which a URL cannot contain.
 */
export function hostsFor(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return LOOPBACK.test(host) ? [] : [host];
  const found = Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
  const four = found.filter(({ family }) => family === 'IPv4');
  const six = host === '::' ? found.filter(({ family }) => family === 'IPv6') : [];
  return [...new Set([...four, ...six].map(({ address }) => address))];
}

/**
 * Deletes the file of a Unix socket that a killed process left behind, but not the file of a socket on which a
 * process still listens.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const socket = net.connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') unlinkSync(path);
  } finally {
    socket.destroy();
  }
}
