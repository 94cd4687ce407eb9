/**
 * The origins of `--allow-origin`: `https://mail.example.test:8443`, `https://*.example.test` for every name below
 * one, `http://localhost:*` for every port, `*` for every origin there is.
 */

export interface OriginPattern {
  /** Whether a page of this origin (RFC 6454 §6.2) is meant. */
  matches(origin: string): boolean;
  /** Whether a request may name this host, without its port. */
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

/** Throws an `Error` that completes a sentence about the option. */
export function parseOriginPattern(text: string): OriginPattern {
  if (text === '*') return EVERYTHING;
  const [, scheme = '', wildcard, name = '', port = ''] = WRITTEN.exec(text) ?? [];
  if (scheme === '') throw new Error(reason(text));
  const host = hostnameOf(name);
  if (host === null) throw new Error(`${JSON.stringify(name)} is not the name of a host`);
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

/** The host of an authority as a browser writes it: in lower case, an address in its usual form; `null` for none. */
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
    return `"null" is the origin of every sandboxed frame and file, captured mail among them; name the page's own, such as ${EXAMPLE}`;
  }
  if (/^[\w.-]+(:\d+)?$/.test(text)) {
    return `${JSON.stringify(text)} has no scheme: write https://${text} or http://${text}`;
  }
  if (text.includes('*')) {
    return `${JSON.stringify(text)} has a wildcard in a place where none is understood: write https://*.example.test, http://localhost:* or *`;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]+\/./i.test(text)) {
    return `${JSON.stringify(text)} has a path: an origin is a scheme, a name and a port, such as ${EXAMPLE}`;
  }
  return `${JSON.stringify(text)} is not an origin: a scheme, a name and a port, such as ${EXAMPLE}`;
}
