/**
 * Which names a request may call this server by. A page of another site can make its own name resolve to this machine
 * (DNS rebinding) and then read the answers, so the name must be one that nobody else's DNS can serve.
 */
import net from 'node:net';

/** Domains without a public DNS: RFC 6761 §6.3, and ICANN's reservation of `internal` (2024), which Docker uses. */
const LOCAL_DOMAINS = ['localhost', 'internal'];

/** @param hostname as `hostnameOf` gives it */
export function isLocalName(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  // A browser that is given an address asks no DNS. A name without a dot is one of the local network, or a service's.
  if (net.isIP(bare) !== 0 || !bare.includes('.')) return true;
  return LOCAL_DOMAINS.some((domain) => bare.endsWith(`.${domain}`));
}
