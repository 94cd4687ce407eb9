/**
 * Computes the settings with which a mail client can use an endpoint. The client is on this machine or on another
 * machine.
 */
import type { Endpoint, Info } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';

export interface Setting {
  readonly label: string;
  readonly value: string;
  /** Whether the value must be entered exactly as shown; otherwise the value is a hint. */
  readonly literal: boolean;
}

const isMail = ({ protocol }: Endpoint): boolean => !protocol.startsWith('http');
const isSending = ({ protocol }: Endpoint): boolean => /^(smtp|lmtp)/.test(protocol);
export const isLoopback = (host: string): boolean =>
  /^(127\.|0\.0\.0\.0$|(.*\.)?localhost\.?$|\[?(::1?|::ffff:(127|7f).*)\]?$)/i.test(host);

/** Returns the endpoint with another host, through which a client on another machine reaches it. */
export function seenFrom(endpoint: Endpoint, host: string): Endpoint {
  // A Unix socket (port 0) can be reached from the server's own machine only.
  if (host === '' || endpoint.port === 0) return endpoint;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${endpoint.port}`;
  return { ...endpoint, host, url: endpoint.url.replace(/^(\w+:\/\/)[^/]*/, `$1${authority}`) };
}

/** Describes which logins the endpoint accepts. */
function loginHints(endpoint: Endpoint, { listed, required }: Info['logins']): readonly [string, string] {
  if (listed) return [s.server.listedUser, s.server.ownPassword];
  if (isSending(endpoint) && !required) return [s.server.noUser, s.server.anyPassword];
  return [s.server.anyUser, s.server.anyPassword];
}

export function settingsOf(endpoint: Endpoint, logins: Info['logins']): readonly Setting[] {
  const literal = (label: string, value: string): Setting => ({ label, value, literal: true });
  const address = [
    literal(s.server.host, endpoint.host),
    ...(endpoint.port === 0 ? [] : [literal(s.server.port, String(endpoint.port))]),
  ];
  const url = literal(s.server.url, endpoint.url);
  if (!isMail(endpoint)) return [...address, url];
  const [user, password] = loginHints(endpoint, logins);
  return [
    ...address,
    { label: s.server.encryption, value: s.server.encryptions[endpoint.tls], literal: false },
    { label: s.server.user, value: user, literal: false },
    { label: s.server.password, value: password, literal: false },
    url,
  ];
}

/** Returns the settings as lines of text to copy. */
export const asLines = (settings: readonly Setting[]): string =>
  settings.map(({ label, value }) => `${label}: ${value}`).join('\n');

/**
 * Returns the URLs at which a phone can open this page: the current URL, unless its host is a loopback
 * address; otherwise URLs with the server's addresses in the local network.
 */
export function pageAddresses(base: string, hosts: readonly string[]): readonly string[] {
  const { hostname } = new URL(base);
  if (!isLoopback(hostname)) return [base];
  return hosts
    .filter((host) => !isLoopback(host))
    .map((host) => {
      const url = new URL(base);
      url.hostname = host.includes(':') ? `[${host}]` : host;
      return url.href;
    });
}

/**
 * Returns the endpoint's URL with the user name and password in it; many clients and libraries accept this
 * form.
 */
export function loginUrl({ url }: Endpoint, user: string, password: string): string {
  const login = [user, ...(password === '' ? [] : [password])].map(encodeURIComponent).join(':');
  return url.replace('://', `://${login}@`);
}
