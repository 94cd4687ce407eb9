/**
 * Sends one HTTP POST to an untrusted server: redirects are not followed, and the size of the response and the
 * duration of the request are limited. The host name is resolved only once: the connection is made to exactly
 * the address that was checked.
 */
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Maximum time from the connection to the end of the response, in milliseconds. */
  readonly timeout: number;
  /**
   * The maximum number of octets of the response's body that are read. The connection is closed after these
   * octets.
   */
  readonly maxAnswer: number;
  /** Signal that aborts the request. */
  readonly signal?: AbortSignal;
  /** Checks an address before the connection is made. Throws if requests must not be sent to that address. */
  judge(address: string, port: number): void;
}

export interface HttpAnswer {
  readonly status: number;
  /** The beginning of the response's body, up to `maxAnswer` octets, decoded as UTF-8. */
  readonly text: string;
}

/**
 * Sends the request and returns the response. Rejects with the error of `judge`, of the operating system or of TLS,
 * or with the reason of the abort.
 */
export async function httpPost(url: URL, post: HttpPost): Promise<HttpAnswer> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (isIP(host) !== 0) post.judge(host, port);
  const timeout = AbortSignal.timeout(post.timeout);
  const signal = post.signal === undefined ? timeout : AbortSignal.any([timeout, post.signal]);
  const { request } = secure ? https : http;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(signal.aborted ? (signal.reason as Error) : (error as Error));
    const call = request(
      {
        host,
        port,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { ...post.headers, 'content-length': String(post.body.length), host: url.host },
        agent: false,
        signal,
        lookup: judgedLookup(port, (address) => post.judge(address, port)),
        ...(secure && isIP(host) === 0 ? { servername: host } : {}),
      },
      (response) => {
        response.on('error', fail);
        readAnswer(response, post.maxAnswer).then(resolve, fail);
      },
    );
    call.on('error', fail);
    call.end(post.body);
  });
}

/**
 * Reads a response up to the maximum number of octets. Rejects when the connection breaks before the end of the
 * response and before this maximum.
 */
function readAnswer(response: http.IncomingMessage, limit: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let left = limit;
    const end = (): void =>
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      end();
      response.destroy();
    });
    response.on('end', end);
    response.on('error', reject);
  });
}

/**
 * Returns a DNS lookup function that checks every address of a host name: if one of the addresses is forbidden,
 * the lookup fails.
 */
function judgedLookup(port: number, judge: (address: string, port: number) => void): LookupFunction {
  return (host, options, done) => {
    dns.lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, [], 0);
        return;
      }
      try {
        for (const { address } of found) judge(address, port);
      } catch (refusal) {
        done(refusal as Error, [], 0);
        return;
      }
      const [first] = found;
      if (options.all === true) done(null, found);
      else done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}
