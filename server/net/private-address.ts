/**
 * Addresses that are not on the public Internet: those that the IANA special-purpose registries for IPv4 and IPv6 (RFC
 * 6890, RFC 8190) list as "globally reachable: false", and multicast. Mail and requests are sent to such an address
 * only when an option allows it.
 */
import { BlockList, isIP } from 'node:net';

const NOT_PUBLIC_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

const NOT_PUBLIC_6 = [
  ['::', 128],
  ['::1', 128],
  // The prefix of RFC 8215 for address translation inside one network is blocked as a whole, because only that
  // network knows the position of the embedded IPv4 address.
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['100:0:0:1::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

/**
 * IPv6 ranges that embed an IPv4 address, each with the index of the first of the two 16-bit groups of that
 * address. Teredo addresses are not listed, because they are within 2001::/23, which is blocked.
 */
const EMBEDDED = [
  // The ranges of IPv4-compatible addresses (RFC 4291 §2.5.5.1) and IPv4-mapped addresses (§2.5.5.2).
  ['::', 96, 6],
  ['::ffff:0:0', 96, 6],
  // IPv4-translated addresses (RFC 2765 §2.1): a stateless translator forwards packets for them by IPv4.
  ['::ffff:0:0:0', 96, 6],
  // The range of NAT64 addresses (RFC 6052 §2.1).
  ['64:ff9b::', 96, 6],
  // The range of 6to4 addresses (RFC 3056 §2).
  ['2002::', 16, 1],
] as const;

const blocked = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_4) blocked.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of NOT_PUBLIC_6) blocked.addSubnet(net, prefix, 'ipv6');
const embedding = EMBEDDED.map(([net, prefix, at]) => {
  const range = new BlockList();
  range.addSubnet(net, prefix, 'ipv6');
  return { range, at };
});

/**
 * Returns whether an IP address is loopback, private, link-local, or otherwise not on the public Internet; also
 * true for text that is not an IP address.
 */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const family = isIP(plain);
  if (family === 0) return true;
  if (family === 4) return blocked.check(plain, 'ipv4');
  if (blocked.check(plain, 'ipv6')) return true;
  const carrier = embedding.find(({ range }) => range.check(plain, 'ipv6'));
  const at = carrier?.at ?? (isIsatap(plain) ? 6 : null);
  return at !== null && blocked.check(embedded(plain, at), 'ipv4');
}

/**
 * Returns whether the interface identifier of an address is an ISATAP identifier (RFC 5214 §6.1), which may follow
 * any prefix.
 */
function isIsatap(address: string): boolean {
  const [, , , , high = 0, low] = groups(address);
  return (high & ~0x200) === 0 && low === 0x5efe;
}

/** Returns the IPv4 address that two groups of an IPv6 address embed, as dotted text. */
function embedded(address: string, at: number): string {
  const high = groups(address);
  const value = [high[at] ?? 0, high[at + 1] ?? 0];
  return value.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}

function groups(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text =
    dotted === null ? address : `${dotted[1] ?? ''}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [head = '', tail] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  const first = read(head);
  if (tail === undefined) return first;
  const last = read(tail);
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

const hex = (high = '0', low = '0'): string => ((Number(high) << 8) | Number(low)).toString(16);
