/** The mail hosts of a domain, in the order in which to try them (RFC 5321 §5.1, RFC 7505). */
import type { DnsFailure, MailResolver, MxRecord } from './resolver.ts';
import { failed, Undeliverable } from './verdict.ts';

/** Aliases followed before a name is held to go round in circles. */
const MAX_ALIASES = 8;
/** Hosts tried of a domain that names more. */
const MAX_HOSTS = 20;

/**
 * Names, best first, those of equal preference shuffled. Without MX records it is the domain itself.
 *
 * @throws Undeliverable when the domain does not exist or takes no mail; DnsFailure
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
    // A resolver that follows aliases has done so already; one that does not says so here.
    const [alias] = (await resolver.cname(name)) ?? [];
    if (alias === undefined) return [name];
    name = alias.toLowerCase();
  }
  throw new Undeliverable(failed('5.4.6', `The aliases of ${domain} do not end`));
}

function ordered(domain: string, records: readonly MxRecord[], random: () => number): readonly string[] {
  const named = records.filter(({ exchange }) => exchange !== '' && exchange !== '.');
  // RFC 7505 §3: a lone MX without a name says that the domain takes no mail.
  if (named.length === 0) throw new Undeliverable(failed('5.1.10', `The domain ${domain} accepts no mail`));
  const drawn = named.map((record) => ({ ...record, lot: random() }));
  const sorted = drawn.sort((a, b) => a.priority - b.priority || a.lot - b.lot);
  return [...new Set(sorted.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, '')))].slice(
    0,
    MAX_HOSTS,
  );
}

/** Addresses tried of one host. */
const MAX_ADDRESSES = 10;

/**
 * Addresses of a host, IPv4 and IPv6 by turns, IPv4 first: where IPv6 is broken it costs a try, not the delivery.
 * Empty when it has none. Throws DnsFailure only when neither kind gave an answer.
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
