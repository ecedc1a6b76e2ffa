import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that is not public (IANA "IPv4 Special-Purpose Address Registry"), and Azure's own
 * 168.63.129.16.
 */
const NOT_PUBLIC_4 = toBlockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
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
]);

/**
 * All that is global unicast: mapped, translated (NAT64), unique local, link-local and multicast
 * ones are not.
 */
const GLOBAL_6 = toBlockList('ipv6', [['2000::', 3]]);

/**
 * Teredo and other protocols, documentation, 6to4 (IANA "IPv6 Special-Purpose Address Registry").
 */
const NOT_PUBLIC_6 = toBlockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC_4.check(address);
  if (family !== 6 || address.includes('%')) return false;
  return GLOBAL_6.check(address, 'ipv6') && !NOT_PUBLIC_6.check(address, 'ipv6');
}

/** The address in a URL's hostname, `undefined` where it is a name. */
export function findAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

function toBlockList(
  family: 'ipv4' | 'ipv6',
  subnets: readonly (readonly [network: string, prefix: number])[],
): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
