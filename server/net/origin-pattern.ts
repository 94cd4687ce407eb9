/**
 * A parsed pattern of the option `--allow-origin`: `https://mail.example.test:8443` for one origin,
 * `https://*.example.test` for every subdomain, `http://localhost:*` for every port, `*` for every origin.
 */

export interface OriginPattern {
  /** Returns whether the pattern matches an origin (RFC 6454 §6.2). */
  matches(origin: string): boolean;
  /** Returns whether the pattern matches a host name without a port, as in the Host field of a request. */
  matchesHost(hostname: string): boolean;
}

const WRITTEN = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^/*:@?#[\]]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?\/?$/i;
const EXAMPLE = 'https://mail.example.test';
const DEFAULT_PORTS = new Map([
  ['http', '80'],
  ['https', '443'],
]);

const EVERYTHING: OriginPattern = {
  matches: (origin) => origin !== 'null',
  matchesHost: () => true,
};

/**
 * Parses a pattern. Throws an `Error` whose message continues a sentence that begins with the
 * name of the option.
 */
export function parseOriginPattern(text: string): OriginPattern {
  if (text === '*') return EVERYTHING;
  const [, scheme = '', wildcard, name = '', port = ''] = WRITTEN.exec(text) ?? [];
  if (scheme === '') throw new Error(reason(text));
  const host = hostnameOf(name);
  if (host === null) throw new Error(`${JSON.stringify(name)} is not a valid host name`);
  const wanted = { scheme: scheme.toLowerCase(), host, port: portOf(scheme.toLowerCase(), port) };
  const isHost = (hostname: string): boolean =>
    wildcard === undefined ? hostname === host : hostname.endsWith(`.${host}`);
  return {
    matchesHost: isHost,
    matches(origin) {
      const [, given = '', , hostname = '', itsPort = ''] = WRITTEN.exec(origin.toLowerCase()) ?? [];
      return (
        given === wanted.scheme &&
        isHost(hostname) &&
        (wanted.port === '*' || portOf(given, itsPort) === wanted.port)
      );
    },
  };
}

/**
 * Returns the host of an authority (`host:port`) as a browser writes it: in lower case, an address in its
 * normal form. Returns `null` when the authority is not a host with an optional port.
 */
export function hostnameOf(authority: string): string | null {
  if (!URL.canParse(`http://${authority}`)) return null;
  const { hostname, pathname, search, hash, username, password } = new URL(`http://${authority}`);
  const isBare =
    pathname === '/' && `${search}${hash}${username}${password}` === '' && !authority.endsWith('/');
  return isBare && hostname !== '' ? hostname : null;
}

const portOf = (scheme: string, port: string): string =>
  port === '' ? (DEFAULT_PORTS.get(scheme) ?? '') : port;

function reason(text: string): string {
  if (text === 'null') {
    return `"null" is the origin of every sandboxed frame and file, including captured mail: write the origin of the page, such as ${EXAMPLE}`;
  }
  if (/^[\w.-]+(:\d+)?$/.test(text)) {
    return `${JSON.stringify(text)} has no scheme: write https://${text} or http://${text}`;
  }
  if (text.includes('*')) {
    return `${JSON.stringify(text)} has a wildcard in a place where it is not supported: write https://*.example.test, http://localhost:* or *`;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]+\/./i.test(text)) {
    return `${JSON.stringify(text)} has a path: an origin is a scheme, a name and a port, such as ${EXAMPLE}`;
  }
  return `${JSON.stringify(text)} is not an origin: write a scheme, a name and a port, such as ${EXAMPLE}`;
}
