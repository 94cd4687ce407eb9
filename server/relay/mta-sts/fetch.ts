/**
 * Fetches the MTA-STS policy of a domain (RFC 8461 §3.3) over HTTPS, with a valid certificate, without
 * redirects, and with limits for time and size.
 */
import https from 'node:https';

/**
 * The web server from which a policy is fetched: its host name, for the certificate, and one of its IP
 * addresses.
 */
interface PolicyPlace {
  /** The host name: `mta-sts.` followed by the domain. */
  readonly host: string;
  readonly address: string;
}

/** Returns the text of a policy. Rejects if the policy cannot be fetched. */
export type PolicyFetch = (place: PolicyPlace) => Promise<string>;

/** The time limit for fetching a policy in milliseconds, as RFC 8461 §3.3 suggests. */
const TIMEOUT = 60_000;
/** The maximum size of a policy in octets, as RFC 8461 §3.3 suggests. */
const MAX_OCTETS = 64 * 1024;

/** @param ca additional certificate authorities that are trusted, in PEM format */
export function httpsPolicyFetch(port = 443, ca: string | null = null): PolicyFetch {
  return ({ host, address }) =>
    new Promise((resolve, reject) => {
      const request = https.get(
        {
          host: address,
          port,
          path: '/.well-known/mta-sts.txt',
          servername: host,
          headers: { host, accept: 'text/plain' },
          agent: false,
          signal: AbortSignal.timeout(TIMEOUT),
          ...(ca === null ? {} : { ca }),
        },
        (response) => {
          if (response.statusCode !== 200) {
            request.destroy(new Error(`${host} answers ${response.statusCode ?? 'nothing'}`));
            return;
          }
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
            if (text.length > MAX_OCTETS)
              request.destroy(new Error(`The policy of ${host} is longer than ${MAX_OCTETS} octets`));
          });
          response.on('end', () => resolve(text));
        },
      );
      request.on('error', reject);
    });
}
