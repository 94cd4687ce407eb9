/**
 * One HTTP request that asks for nothing but the head of an answer: no body is read, no cookie kept, no credential
 * sent. Private addresses are refused where the name is resolved, so that no later answer of the DNS gets by.
 */
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from '../../net/private-address.ts';

export interface Head {
  readonly status: number;
  readonly location: string | null;
  /** Media type in lower case, without parameters. */
  readonly type: string | null;
  /** Octets the body would have; `null` where the server does not say. */
  readonly length: number | null;
}

/** The address is one that nobody outside could reach, or that somebody inside should not be made to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

const USER_AGENT = 'Mozilla/5.0 (compatible; Restante link check)';

/** A lookup that gives public addresses alone. */
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

/** Rejects with `PrivateAddressError`, an error of the system or of TLS, or when `signal` aborts. */
export async function requestHead(
  url: URL,
  method: 'HEAD' | 'GET',
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<Head> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Names are resolved where the connection is made; an address is there already.
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
