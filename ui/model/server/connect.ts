/** How a client is set up for an endpoint: what goes into which field, as seen from here or from another machine. */
import type { Endpoint, Info } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';

export interface Setting {
  readonly label: string;
  readonly value: string;
  /** Whether it is to be typed as it stands; otherwise it is a hint. */
  readonly literal: boolean;
}

const isMail = ({ protocol }: Endpoint): boolean => !protocol.startsWith('http');
const isSending = ({ protocol }: Endpoint): boolean => /^(smtp|lmtp)/.test(protocol);
const isLoopback = (host: string): boolean => /^(127\.|localhost$|\[?::1\]?$)/.test(host);

/** The endpoint as it is reached by another of the server's addresses. */
export function seenFrom(endpoint: Endpoint, host: string): Endpoint {
  // A socket in the file system is on the machine itself, whoever looks.
  if (host === '' || endpoint.port === 0) return endpoint;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${endpoint.port}`;
  return { ...endpoint, host, url: endpoint.url.replace(/^(\w+:\/\/)[^/]*/, `$1${authority}`) };
}

/** Who may log in, in words. */
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

/** All of it as lines to paste. */
export const asLines = (settings: readonly Setting[]): string =>
  settings.map(({ label, value }) => `${label}: ${value}`).join('\n');

/**
 * Addresses by which a phone can open this page: the one it was opened by, unless only this machine knows it, else
 * the server's own in the network.
 */
export function pageAddresses(base: string, hosts: readonly string[]): readonly string[] {
  const { hostname } = new URL(base);
  if (!isLoopback(hostname)) return [base];
  return hosts.map((host) => {
    const url = new URL(base);
    url.hostname = host.includes(':') ? `[${host}]` : host;
    return url.href;
  });
}

/** The endpoint's URL with a login in it, as many clients and libraries take it. */
export function loginUrl({ url }: Endpoint, user: string, password: string): string {
  const login = [user, ...(password === '' ? [] : [password])].map(encodeURIComponent).join(':');
  return url.replace('://', `://${login}@`);
}
