/** Finds URLs that work only on the sender's machine or network, and URLs without TLS. */
import { isIP } from 'node:net';
import type { Finding } from '../../message/finding.ts';
import { addressesOf, type MailAddressed } from '../addresses.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

/**
 * Matches host names that resolve only in a local network (RFC 6761, RFC 6762, RFC 8375), or that cannot be
 * registered.
 */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|home\.arpa|localdomain|invalid|docker)$/;
const TEST_NAME = /(?:^|\.)test$/;
const STAGING_LABEL =
  /^(?:staging|stage|stg|dev|develop|development|test|testing|qa|uat|preview|sandbox|preprod|int)\d{0,2}$/;
const TUNNEL =
  /(?:^|\.)(?:ngrok\.io|ngrok-free\.app|ngrok\.app|loca\.lt|trycloudflare\.com|localtunnel\.me|serveo\.net)$/;
/** Matches loopback, private, link-local and unspecified IPv4 addresses (RFC 1122, RFC 1918, RFC 3927). */
const PRIVATE_V4 = /^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./;
/** Matches loopback, unspecified, unique local and link-local IPv6 addresses (RFC 4291, RFC 4193). */
const PRIVATE_V6 = /^(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)$/;

function isLocal(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  const kind = isIP(bare);
  if (kind === 4) return PRIVATE_V4.test(bare);
  if (kind === 6) return PRIVATE_V6.test(bare);
  return LOCAL_NAME.test(host) || !host.includes('.');
}

function isStaging(host: string, port: string): boolean {
  if (TUNNEL.test(host) || TEST_NAME.test(host)) return true;
  const labels = host.split('.');
  // The registered domain itself may contain a word such as `staging`, as in staging.com, so its labels are not
  // compared.
  return labels.slice(0, -2).some((label) => STAGING_LABEL.test(label)) || port !== '';
}

function findingOf({ url, href, use, place }: MailAddressed): Finding | null {
  if (use === 'link' && /^(?:#|javascript:void\(0\);?)?$/i.test(href)) {
    return find('empty-link', place(), { message: `A link has no target: “${href}”` });
  }
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const host = url.hostname.toLowerCase();
  if (isLocal(host)) {
    return find('local-link', place(), {
      message: `${url.host} is on the sender’s machine or local network`,
    });
  }
  if (isStaging(host, url.port)) {
    return find('staging-link', place(), { message: `${url.host} looks like a test environment` });
  }
  if (url.protocol !== 'http:') return null;
  const what = use === 'link' ? 'The link to' : 'The resource from';
  return find('http-link', place(), { message: `${what} ${url.host} does not use TLS` });
}

export function* linkFindings(message: CheckedMessage): Generator<Finding> {
  const told = new Set<string>();
  for (const address of addressesOf(message)) {
    const finding = findingOf(address);
    const key = `${finding?.rule ?? ''} ${address.url?.host ?? address.href}`;
    if (finding === null || told.has(key)) continue;
    told.add(key);
    yield finding;
  }
}
