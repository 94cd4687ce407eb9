/**
 * Routes that the operator configures for a domain, to be used instead of the DNS:
 * `example.test=127.0.0.1:2525`, `*.example.test=[::1]:2525`, `example.test=mail.internal`.
 */
import { isIP } from 'node:net';
import { dnsDomain } from './address.ts';
import { parseAddressPattern, type AddressPattern } from './address-pattern.ts';
import type { RouteHost } from './smart-host.ts';

export interface RouteOverride {
  readonly pattern: AddressPattern;
  readonly host: RouteHost;
}

/** Parses a configured route. Throws an `Error` for an invalid route. */
export function parseOverride(text: string, defaultPort: number): RouteOverride {
  const match = /^([^=\s]+)=(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const name = match?.[2] ?? match?.[3];
  const port = Number(match?.[4] ?? defaultPort);
  if (name === undefined || (isIP(name) === 0 && dnsDomain(name) === null) || port < 1 || port > 65_535) {
    throw new Error(`${text} is not a route: write it as DOMAIN=HOST[:PORT]`);
  }
  return { pattern: parseAddressPattern(match?.[1] ?? ''), host: { name, port } };
}
