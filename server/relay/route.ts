/**
 * Determines the route of mail for a domain: a configured host, the smart host, an address literal, or the
 * hosts of the domain's MX records.
 */
import { isIP } from 'node:net';
import { mailHosts } from './mx.ts';
import type { RelayConfig } from './options.ts';
import { parseOverride, type RouteOverride } from './override.ts';
import type { MailResolver } from './resolver.ts';
import { parseSmartHost, type RouteHost, type SmartHost } from './smart-host.ts';
import { failed, Undeliverable } from './verdict.ts';

export interface Route {
  readonly hosts: readonly RouteHost[];
  /** Whether the operator configured the host, which may then have a private address. */
  readonly named: boolean;
  /** Whether the hosts were found by an MX look-up, which means that the domain's MTA-STS policy applies. */
  readonly byMx: boolean;
  readonly smartHost: SmartHost | null;
}

export interface Router {
  /**
   * Returns a key that is equal for domains with the same route, so that one mail transaction can serve
   * recipients in all these domains.
   */
  placeOf(domain: string): string;
  /**
   * Returns the hosts for the mail of a domain.
   *
   * @throws Undeliverable if there is no route; DnsFailure if the look-up failed
   */
  routeTo(domain: string): Promise<Route>;
}

/** Creates the router. Throws an `Error` for an invalid route or smart host. */
export function createRouter(config: RelayConfig, resolver: MailResolver, random: () => number): Router {
  const smartHost = config.smartHost === null ? null : parseSmartHost(config.smartHost);
  const overrides = config.routes.map((text) => parseOverride(text, config.port));
  const direct = { named: false, byMx: false, smartHost: null };
  const named = (domain: string): RouteOverride | undefined =>
    overrides.find(({ pattern }) => pattern.matches({ local: '', domain }));
  return {
    placeOf(domain) {
      const host = named(domain)?.host;
      if (host !== undefined) return `route ${host.name} ${host.port}`;
      return smartHost === null ? domain : 'smart host';
    },
    async routeTo(domain) {
      const override = named(domain);
      if (override !== undefined) return { ...direct, named: true, hosts: [override.host] };
      if (smartHost !== null) return { ...direct, named: true, smartHost, hosts: [smartHost.host] };
      if (domain.startsWith('[')) {
        return { ...direct, hosts: [{ name: literalAddress(domain), port: config.port }] };
      }
      const names = await mailHosts(domain, resolver, random);
      return { ...direct, byMx: true, hosts: names.map((name) => ({ name, port: config.port })) };
    },
  };
}

/** Returns the IP address of a literal such as `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3). */
function literalAddress(domain: string): string {
  const address = domain.slice(1, -1).replace(/^IPv6:/i, '');
  if (isIP(address) === 0) throw new Undeliverable(failed('5.1.2', `${domain} is not an IP address`));
  return address;
}
