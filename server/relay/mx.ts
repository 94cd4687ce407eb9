/** Finds the mail hosts of a domain, in the order in which they are tried (RFC 5321 §5.1, RFC 7505). */
import type { DnsFailure, MailResolver, MxRecord } from './resolver.ts';
import { failed, Undeliverable } from './verdict.ts';

/** The maximum number of aliases (CNAME records) that are followed; a longer chain is treated as endless. */
const MAX_ALIASES = 8;
/** The maximum number of mail hosts of a domain that are tried. */
const MAX_HOSTS = 20;

/**
 * Returns the names of the mail hosts in the order of their preference; hosts of equal preference are shuffled.
 * Without MX records, the domain itself is the only host.
 *
 * @throws Undeliverable if the domain does not exist or accepts no mail; DnsFailure if the look-up failed
 */
export async function mailHosts(
  domain: string,
  resolver: MailResolver,
  random: () => number,
): Promise<readonly string[]> {
  let name = domain;
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
    const records = await resolver.mx(name);
    if (records === null) throw new Undeliverable(failed('5.1.2', `The domain ${domain} does not exist`));
    if (records.length > 0) return ordered(domain, records, random);
    // Some resolvers follow an alias (CNAME record) in an MX look-up; for all other resolvers the alias is
    // looked up here.
    const [alias] = (await resolver.cname(name)) ?? [];
    if (alias === undefined) return [name];
    name = alias.toLowerCase();
  }
  throw new Undeliverable(
    failed('5.4.6', `The aliases of ${domain} form a loop, or a chain of more than ${MAX_ALIASES}`),
  );
}

function ordered(domain: string, records: readonly MxRecord[], random: () => number): readonly string[] {
  const named = records.filter(({ exchange }) => exchange !== '' && exchange !== '.');
  // A single MX record without a name announces that the domain accepts no mail (RFC 7505 §3).
  if (named.length === 0) throw new Undeliverable(failed('5.1.10', `The domain ${domain} accepts no mail`));
  const drawn = named.map((record) => ({ ...record, lot: random() }));
  const sorted = drawn.sort((a, b) => a.priority - b.priority || a.lot - b.lot);
  return [...new Set(sorted.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, '')))].slice(
    0,
    MAX_HOSTS,
  );
}

/** The maximum number of IP addresses of one host that are tried. */
const MAX_ADDRESSES = 10;

/**
 * Returns the IP addresses of a host: IPv4 and IPv6 alternately, an IPv4 address first. If IPv6 does not
 * work, this order costs one attempt, not the delivery. Returns an empty list if the host has no address.
 * Throws a `DnsFailure` only if no address was found and a look-up failed.
 */
export async function hostAddresses(host: string, resolver: MailResolver): Promise<readonly string[]> {
  const [four, six] = await Promise.allSettled([resolver.a(host), resolver.aaaa(host)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  const found = [four, six].map((answer) => (answer.status === 'fulfilled' ? (answer.value ?? []) : []));
  const failure = [four, six].find((answer) => answer.status === 'rejected');
  if (failure !== undefined && found.every((addresses) => addresses.length === 0))
    throw failure.reason as DnsFailure;
  const [first = [], second = []] = found;
  const turns = Array.from({ length: Math.max(first.length, second.length) }, (_, index) => [
    first[index],
    second[index],
  ]);
  return turns
    .flat()
    .filter((address) => address !== undefined)
    .slice(0, MAX_ADDRESSES);
}
