import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';

/** Why an address of somebody else's choosing was not asked, or what was wrong with its answer. */
export type OutsideFaultKind =
  | 'address'
  | 'scheme'
  | 'port'
  | 'credentials'
  | 'private'
  | 'unknown-host'
  | 'redirects'
  | 'too-large'
  | 'too-slow'
  | 'unreachable';

export class OutsideFault extends Error {
  override name = 'OutsideFault';
  readonly kind: OutsideFaultKind;
  constructor(kind: OutsideFaultKind, options?: ErrorOptions) {
    super(`an address outside was not read: ${kind}`, options);
    this.kind = kind;
  }
}

export interface OutsideRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** In bytes: a body that is longer ends with a fault. */
  readonly largest: number;
  /** In milliseconds, from the first look-up to the last byte. */
  readonly longest: number;
  /** `host:port` that are asked whatever they are: for tests, and for a city's own machines that its administrator names. */
  readonly allowed?: readonly string[];
  /** Finds the addresses of a host; the system's resolver unless given. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface OutsideAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Where it came from in the end. */
  readonly url: string;
  /** @throws OutsideFault `too-large`, `too-slow`, `unreachable` */
  readonly body: AsyncIterable<Uint8Array>;
}

const mostRedirects = 5;

/**
 * Gets what lies at an address that somebody else chose, so that nothing behind the city's own walls can be reached by it: only http
 * and https, only their usual ports, only hosts all of whose addresses are public; the address that was looked at is the one that is
 * connected to; each of five redirects at most is looked at anew.
 *
 * @throws OutsideFault
 */
export async function fetchOutside(address: string, asked: OutsideRequest): Promise<OutsideAnswer> {
  const signal = AbortSignal.timeout(asked.longest);
  let url = address;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await askOnce(url, asked, signal);
    const { statusCode: status = 0, headers } = answer;
    const { location } = headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined)
      return {
        status,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
        ),
        url,
        body: limited(answer, asked.largest, signal),
      };
    answer.destroy();
    url = URL.canParse(location, url) ? new URL(location, url).href : location;
  }
  throw new OutsideFault('redirects');
}

async function askOnce(
  address: string,
  asked: OutsideRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!URL.canParse(address)) throw new OutsideFault('address');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutsideFault('scheme');
  if (url.username !== '' || url.password !== '') throw new OutsideFault('credentials');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  // A dot at the end names the same host.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isAllowed = asked.allowed?.includes(`${host}:${port}`) ?? false;
  if (!isAllowed && port !== 80 && port !== 443) throw new OutsideFault('port');
  const addresses = await addressesOf(host, asked.resolve ?? resolve, signal);
  // One private address among public ones is a trap as well.
  if (!isAllowed && !addresses.every(isPublicAddress)) throw new OutsideFault('private');
  const [pinned] = addresses as [string];
  const family = isIPv4(pinned) ? 4 : 6;
  const pin: LookupFunction = (_host, options, done) =>
    options.all ? done(null, [{ address: pinned, family }]) : done(null, pinned, family);
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolved, rejected) => {
    send(
      url,
      {
        headers: { 'user-agent': 'misto', accept: '*/*', 'accept-encoding': 'identity', ...asked.headers },
        lookup: pin,
        agent: false,
        signal,
      },
      resolved,
    )
      .on('error', (error) =>
        rejected(new OutsideFault(signal.aborted ? 'too-slow' : 'unreachable', { cause: error })),
      )
      .end();
  });
}

async function addressesOf(
  host: string,
  find: NonNullable<OutsideRequest['resolve']>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  let late = () => {};
  const waited = new Promise<never>((_, reject) => {
    late = () => reject(new OutsideFault('too-slow'));
    signal.addEventListener('abort', late, { once: true });
  });
  try {
    const found = await Promise.race([find(host).catch(() => []), waited]);
    if (found.length === 0) throw new OutsideFault('unknown-host');
    return found;
  } finally {
    signal.removeEventListener('abort', late);
  }
}

const resolve = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address);

async function* limited(answer: IncomingMessage, largest: number, signal: AbortSignal) {
  let bytes = 0;
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > largest) throw new OutsideFault('too-large');
      yield piece;
    }
  } catch (error) {
    if (error instanceof OutsideFault) throw error;
    throw new OutsideFault(signal.aborted ? 'too-slow' : 'unreachable', { cause: error });
  } finally {
    answer.destroy();
  }
}

/** Networks of IPv4 that are not everybody's (IANA special-purpose registry, RFC 6890), and multicast. */
const closed = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]) {
  const [address, bits] = network.split('/') as [string, string];
  closed.addSubnet(address, Number(bits), 'ipv4');
}
/** Of IPv6 only global unicast is everybody's, without what is reserved in it or hides an IPv4 address. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
const closed6 = new BlockList();
closed6.addSubnet('2001::', 23, 'ipv6');
closed6.addSubnet('2001:db8::', 32, 'ipv6');
closed6.addSubnet('2002::', 16, 'ipv6');
closed6.addSubnet('3fff::', 20, 'ipv6');

/** Whether an address belongs to the Internet, and not to a machine, a network or a cloud of one's own. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closed.check(address, 'ipv4');
  return version === 6 && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}
