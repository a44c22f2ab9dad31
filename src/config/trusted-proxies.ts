/** TRUST_PROXY: whose word on a client's address is taken. */
import { BlockList, isIP } from 'node:net';

/** More proxies in a row than anybody has. */
const MOST_HOPS = 5;
/** The largest private network of IPv4 is 10.0.0.0/8. */
const SHORTEST_PREFIX = { 4: 8, 6: 16 } as const;
/** Those of IPv6 are larger, and nobody comes from there out of the internet. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
/** Bits before an IPv4 address that is written as an IPv6 one (::ffff:10.0.0.1). */
const MAPPED = 96;

/** Names that Express knows. */
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

interface Network {
  readonly address: string;
  readonly version: 4 | 6;
  readonly bits: number;
}

/** Whether Express can read it as the proxies it trusts: a word that is no address would stop a server that has opened its database. */
export const isTrust = (text: string): boolean =>
  text === 'false' || /^\d{1,2}$/.test(text) || partsOf(text).every((part) => NETWORKS.has(part) || networkOf(part) !== undefined);

/** Whether strangers may be among those who are trusted: any client could claim any address then, and no limit per address would hold. */
export const trustsStrangers = (text: string): boolean =>
  /^\d+$/.test(text)
    ? Number(text) > MOST_HOPS
    : partsOf(text)
        .map(networkOf)
        .some((network) => network !== undefined && isWide(network));

const partsOf = (text: string): string[] => text.split(',').map((part) => part.trim());

/** An IP address, with the length of a prefix or without. */
function networkOf(text: string): Network | undefined {
  const [, address = '', length] = /^([\da-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version !== 4 && version !== 6) return undefined;
  const longest = version === 4 ? 32 : 128;
  const bits = Number(length ?? longest);
  return bits >= 1 && bits <= longest ? { address, version, bits } : undefined;
}

function isWide({ address, version, bits }: Network): boolean {
  if (version === 6 && bits >= 7 && PRIVATE.check(address, 'ipv6')) return false;
  if (bits < SHORTEST_PREFIX[version]) return true;
  return version === 6 && bits < MAPPED + SHORTEST_PREFIX[4] && holdsMapped(address, Math.min(bits, MAPPED));
}

/** Whether the addresses of IPv4 are in an IPv6 network: Express looks for them there. */
function holdsMapped(address: string, bits: number): boolean {
  const network = new BlockList();
  network.addSubnet(address, bits, 'ipv6');
  return network.check('::ffff:0:0', 'ipv6');
}
