/**
 * Sends one HTTP request and reads only the head of the response: no body is read, no cookie is stored, no
 * credentials are sent. Private addresses are refused after name resolution, so that a changed DNS answer cannot
 * bypass the refusal.
 */
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from '../../net/private-address.ts';

export interface Head {
  readonly status: number;
  readonly location: string | null;
  /**
   * The media type of the response in lower case, without parameters; `null` if the response has no media
   * type.
   */
  readonly type: string | null;
  /**
   * The size of the body in octets, from the field Content-Length; `null` if the response has no such field.
   */
  readonly length: number | null;
}

/**
 * The error for a URL whose address is private: readers cannot reach such an address, and a message must not
 * cause requests in the local network.
 */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

const USER_AGENT = 'Mozilla/5.0 (compatible; Restante link check)';

/**
 * Resolves a host name to those of its IP addresses that are public. Fails with `PrivateAddressError` for a host that
 * has no public address.
 */
const publicLookup: LookupFunction = (host, options, done) => {
  dns.lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) {
      done(error, [], 0);
      return;
    }
    const allowed = found.filter(({ address }) => !isPrivateAddress(address));
    const [first] = allowed;
    if (first === undefined) {
      done(new PrivateAddressError(`${host} is ${found[0]?.address ?? 'nowhere'}`), [], 0);
    } else if (options.all === true) done(null, allowed);
    else done(null, first.address, first.family);
  });
};

function headOf({ statusCode, headers }: http.IncomingMessage): Head {
  const length = Number(headers['content-length'] ?? NaN);
  return {
    status: statusCode ?? 0,
    location: headers.location ?? null,
    type: headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? null,
    length: Number.isSafeInteger(length) ? length : null,
  };
}

/**
 * Requests a URL and returns the head of the response. Rejects with `PrivateAddressError`, with a system or
 * TLS error, or when `signal` aborts.
 */
export async function requestHead(
  url: URL,
  method: 'HEAD' | 'GET',
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<Head> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // `publicLookup` refuses host names with private addresses; an IP address in the URL itself is refused
  // here.
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) {
    throw new PrivateAddressError(`${host} is private`);
  }
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        protocol: url.protocol,
        host,
        port: url.port === '' ? undefined : url.port,
        path: `${url.pathname}${url.search}`,
        method,
        signal,
        agent: false,
        ...(isIP(host) === 0 && url.protocol === 'https:' ? { servername: host } : {}),
        ...(allowPrivate ? {} : { lookup: publicLookup }),
        headers: {
          'User-Agent': USER_AGENT,
          Accept: '*/*',
          ...(method === 'GET' ? { Range: 'bytes=0-0' } : {}),
        },
        maxHeaderSize: 32_768,
      },
      (response) => {
        resolve(headOf(response));
        response.destroy();
      },
    );
    call.on('error', reject);
    call.end();
  });
}
