import { isIP, type BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Whether an address is a proxy that is believed; IPv4 written as IPv6 (`::ffff:10.0.0.5`) included. */
export type IsTrustedProxy = (address: string) => boolean;

/** Those of POMONA_TRUSTED_PROXIES. */
export function trustedProxies(list: BlockList): IsTrustedProxy {
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Whom to count a request for, when requests are counted: the address that the connection came from or, when that is a trusted
 * proxy, the rightmost one of X-Forwarded-For that is none. Each proxy appends what it saw, so what stands further left is
 * anyone's word, and so is the whole header when it comes from elsewhere. Of IPv6, the network (`2001:db8:1:2::/64`).
 */
export function clientAddress(request: FastifyRequest, isTrustedProxy: IsTrustedProxy): string {
  return networkOf(addressOf(request, isTrustedProxy));
}

function addressOf(request: FastifyRequest, isTrustedProxy: IsTrustedProxy): string {
  const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
  let address = plainAddress(request.socket.remoteAddress ?? '');
  while (isTrustedProxy(address)) {
    const before = plainAddress(hops.pop() ?? '');
    // Nothing there, or no address (`unknown`): the proxy itself is the last one that is known.
    if (isIP(before) === 0) return address;
    address = before;
  }
  return address;
}

/**
 * IPv6 as the first four of its groups: a customer has all the addresses that begin so (RFC 6177), and would be counted anew
 * with each. IPv4 as it is.
 */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [before = '', after] = hostname.slice(1, -1).split('::');
  const [first, last] = [groupsIn(before), groupsIn(after ?? '')];
  const zeros = after === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}

function groupsIn(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** Without the port or the brackets that some proxies write, and IPv4 as IPv4. */
function plainAddress(written: string): string {
  const text = written.trim();
  const [, inBrackets] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return (inBrackets ?? beforePort ?? text).replace(/^::ffff:(?=\d+\.)/i, '');
}
