/**
 * Tests the special-purpose registries of IANA with a table of the first and last address of each block, and their
 * neighbours.
 */
import { describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../server/net/private-address.ts';

/** The first and last address of blocks that are not globally reachable. */
const blocks: readonly (readonly [name: string, first: string, last: string])[] = [
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private use 10/8', '10.0.0.0', '10.255.255.255'],
  ['shared address space', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.0', '127.255.255.255'],
  ['link local', '169.254.0.0', '169.254.255.255'],
  ['private use 172.16/12', '172.16.0.0', '172.31.255.255'],
  ['IETF protocol assignments', '192.0.0.0', '192.0.0.255'],
  ['TEST-NET-1', '192.0.2.0', '192.0.2.255'],
  ['6to4 relay anycast, deprecated', '192.88.99.0', '192.88.99.255'],
  ['private use 192.168/16', '192.168.0.0', '192.168.255.255'],
  ['benchmarking', '198.18.0.0', '198.19.255.255'],
  ['TEST-NET-2', '198.51.100.0', '198.51.100.255'],
  ['TEST-NET-3', '203.0.113.0', '203.0.113.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved and limited broadcast', '240.0.0.0', '255.255.255.255'],
  ['unspecified and loopback', '::', '::1'],
  ['local-use translation', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard only', '100::', '100::ffff:ffff:ffff:ffff'],
  ['dummy prefix', '100:0:0:1::', '100::1:ffff:ffff:ffff:ffff'],
  ['Teredo', '2001::', '2001::ffff:ffff:ffff:ffff:ffff:ffff'],
  ['IETF protocol assignments, IPv6', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['benchmarking, IPv6', '2001:2::', '2001:2::ffff:ffff:ffff:ffff:ffff'],
  ['ORCHID', '2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation 3fff::/20', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['segment routing', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link local, IPv6', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site local, deprecated', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast, IPv6', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

/**
 * Addresses directly before and after the blocked ranges, and other addresses of the internet, none of which is
 * blocked.
 */
const reachable = [
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.0.3.0',
  '192.31.196.1',
  '192.167.255.255',
  '192.169.0.0',
  '192.175.48.1',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '203.0.114.0',
  '223.255.255.255',
  '8.8.8.8',
  '2001:200::1',
  '2001:db7:ffff::1',
  '2001:db9::1',
  '2606:4700::1111',
  '2620:4f:8000::1',
  '2a00:1450:4001:81b::200e',
];

/** IPv6 addresses that contain an IPv4 address. */
const carriers: readonly (readonly [
  name: string,
  of: (high: string, low: string, dotted: string) => string,
])[] = [
  ['mapped', (high, low) => `::ffff:${high}:${low}`],
  ['mapped, dotted', (_high, _low, dotted) => `::ffff:${dotted}`],
  ['mapped, written out', (high, low) => `0:0:0:0:0:FFFF:${high}:${low}`],
  ['compatible', (_high, _low, dotted) => `::${dotted}`],
  ['translated', (high, low) => `::ffff:0:${high}:${low}`],
  ['translated, dotted', (_high, _low, dotted) => `::ffff:0:${dotted}`],
  ['NAT64', (_high, _low, dotted) => `64:ff9b::${dotted}`],
  ['6to4', (high, low) => `2002:${high}:${low}::1`],
  ['ISATAP', (_high, _low, dotted) => `2a00:1450::5efe:${dotted}`],
  ['ISATAP, universal', (high, low) => `2a00:1450::200:5efe:${high}:${low}`],
];

const groupsOf = (dotted: string): [string, string] => {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return [((a << 8) | b).toString(16), ((c << 8) | d).toString(16)];
};

describe('addresses that are not public', () => {
  it.each(blocks)('%s', (_name, first, last) => {
    expect(isPrivateAddress(first)).toBe(true);
    expect(isPrivateAddress(last)).toBe(true);
  });

  it.each(carriers)('IPv4 in IPv6: %s', (_name, of) => {
    for (const [name, first, last] of blocks.filter(([, first]) => first.includes('.'))) {
      for (const address of [first, last]) {
        expect(isPrivateAddress(of(...groupsOf(address), address)), `${name} ${address}`).toBe(true);
      }
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '1.1.1.1']) {
      expect(isPrivateAddress(of(...groupsOf(address), address)), address).toBe(false);
    }
  });

  it('include texts that are not an address', () => {
    for (const text of ['', 'localhost', '127.1', '0x7f000001', '2130706433', '[::1]']) {
      expect(isPrivateAddress(text), text).toBe(true);
    }
  });

  it('with a zone', () => expect(isPrivateAddress('fe80::1%eth0')).toBe(true));

  it.each(reachable)('but not %s', (address) => expect(isPrivateAddress(address)).toBe(false));
});
