/** Looks up DNS records in a given zone first and then, if that is allowed, in the DNS. */
import { Resolver } from 'node:dns/promises';
import type { Zone, ZoneRecord } from './zone-file.ts';

/**
 * Looks up DNS records. Resolves to records in the form of `dns.resolve`; rejects with an error that has an
 * error code of `dns.resolve`.
 */
export type Lookup = (name: string, type: string) => Promise<unknown>;

type AliasRecord = Extract<ZoneRecord, { readonly value: string }>;

class NoRecord extends Error {
  override readonly name = 'NoRecord';
  readonly code: 'ENOTFOUND' | 'ENODATA';

  constructor(code: 'ENOTFOUND' | 'ENODATA', name: string, type: string) {
    super(`${name} has no ${type} record`);
    this.code = code;
  }
}

const MAX_ALIASES = 8;
/**
 * The time limit of the first DNS query in milliseconds; the resolver library c-ares doubles it for the next
 * query.
 */
const TIMEOUT = 3000;
const TRIES = 2;

const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1);

function recordsOf(zone: Zone, name: string): readonly ZoneRecord[] | undefined {
  const own = zone.get(name);
  if (own !== undefined || !name.includes('.')) return own;
  for (let above = parentOf(name); ; above = parentOf(above)) {
    const wild = zone.get(`*.${above}`);
    if (wild !== undefined || zone.has(above) || !above.includes('.')) return wild;
  }
}

/**
 * Whether all answers for a name come from the given zone and not from the DNS, because the zone contains the
 * name or a parent of it.
 */
function covers(zone: Zone, name: string): boolean {
  if (recordsOf(zone, name) !== undefined) return true;
  for (let above = name; above.includes('.'); above = parentOf(above)) if (zone.has(above)) return true;
  return false;
}

/** Converts a DNS record of the zone file to the form of `dns.resolve`. */
function answerOf(record: ZoneRecord): unknown {
  if (record.type === 'TXT') return record.strings;
  return record.type === 'MX' ? { exchange: record.exchange, priority: record.priority } : record.value;
}

const isAlias = (record: ZoneRecord): record is AliasRecord => record.type === 'CNAME';

function inZone(zone: Zone, name: string, type: string): unknown {
  let owner = name;
  for (let aliases = 0; aliases < MAX_ALIASES; aliases++) {
    const records = recordsOf(zone, owner);
    if (records === undefined) throw new NoRecord('ENOTFOUND', owner, type);
    const found = records.filter((record) => record.type === type);
    const alias = records.find(isAlias);
    if (found.length === 0 && alias !== undefined) {
      owner = alias.value;
      continue;
    }
    if (found.length === 0) throw new NoRecord('ENODATA', owner, type);
    return found.map(answerOf);
  }
  throw new NoRecord('ENODATA', name, type);
}

/**
 * Creates a function that looks up DNS records in the given zone and then in the DNS.
 *
 * @param dns the DNS server: `system`, the `HOST:PORT` of a server, or `off` to send no DNS requests
 */
export function lookupIn(zone: Zone, dns: string): Lookup {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (dns !== 'system' && dns !== 'off') resolver.setServers([dns]);
  return async (written, type) => {
    const name = written.toLowerCase().replace(/\.$/, '');
    if (dns === 'off' || covers(zone, name)) return inZone(zone, name, type);
    return resolver.resolve(name, type);
  };
}
