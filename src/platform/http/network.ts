import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whose `X-Forwarded-*` headers are believed: single addresses and networks in CIDR notation. */
export function trustedProxies(entries: readonly string[]): (address: string) => boolean {
  const list = blockList(entries, 128);
  return (address) => isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/**
 * The client's address: the rightmost hop that is not one of our proxies. What stands further left in
 * `X-Forwarded-For` was written by the client itself and may say anything.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: (address: string) => boolean,
): string {
  let address = plain(peer ?? '');
  if (!forwardedFor || !trusted(address)) return address;
  for (const hop of forwardedFor.split(',').reverse()) {
    const next = plain(hop.trim());
    if (isIP(next) === 0) return address;
    address = next;
    if (!trusted(address)) return address;
  }
  return address;
}

/** The key of anonymous limits: an IPv4 address, or the /64 network of an IPv6 one. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address || 'unknown';
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Visitors of IPv6 are known by their /64, so a single address stands for its whole block. */
const visitorBits = 64;

/** Whether a network as `networkOf` names it lies among these addresses and networks in CIDR notation. */
export function isAmong(entries: readonly string[], network: string): boolean {
  const address = network.split('/')[0]!;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  return isIP(address) !== 0 && blockList(entries.filter(isNetwork), visitorBits).check(address, family);
}

/** A single address, or a network in CIDR notation. */
export function isNetwork(entry: string): boolean {
  const [address = '', bits, more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** @param single how many bits of an IPv6 address count where no number of bits is given. */
function blockList(entries: readonly string[], single: number): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : single)), family);
  }
  return list;
}

/** An IPv4 address seen through a dual-stack socket is the IPv4 address. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
}
