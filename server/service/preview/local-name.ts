/**
 * Decides which host names a request may use for this server. A page of another site can make its own name resolve
 * to this machine (DNS rebinding) and then read the responses, so only names that no public DNS can resolve are
 * accepted.
 */
import net from 'node:net';

/**
 * Top-level domains that do not exist in the public DNS: `localhost` (RFC 6761 §6.3), and `internal`, which ICANN
 * reserved in 2024 and Docker uses.
 */
const LOCAL_DOMAINS = ['localhost', 'internal'];

/**
 * Returns whether no public DNS can resolve a host name.
 * @param hostname a host name in the form that `hostnameOf` returns
 */
export function isLocalName(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  // A browser does not resolve an IP address by DNS. A name without a dot belongs to the local network, or is
  // the name of a container.
  if (net.isIP(bare) !== 0 || !bare.includes('.')) return true;
  return LOCAL_DOMAINS.some((domain) => bare.endsWith(`.${domain}`));
}
