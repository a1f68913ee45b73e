import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { clientAddress, trustedProxies } from '../../src/client-address.js';
import { proxies } from '../../src/config/parsers.js';

const isTrusted = trustedProxies(proxies('127.0.0.1,10.0.0.0/8,fd00::/8'));

/** Whom a request is counted for that came from an address, with what X-Forwarded-For says. */
const counted = (from: string, forwarded?: string | string[]): string =>
  clientAddress(
    {
      socket: { remoteAddress: from },
      headers: { 'x-forwarded-for': forwarded },
    } as unknown as FastifyRequest,
    isTrusted,
  );

describe('The address a request is counted for', () => {
  it.each<[string, string, string | string[] | undefined, string]>([
    ['no proxy: the header is anyone’s word', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['a proxy that says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['a proxy', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the last one that is no proxy', '127.0.0.1', '192.0.2.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['an invented proxy in front', '127.0.0.1', '10.1.2.3, 203.0.113.9', '203.0.113.9'],
    ['proxies only', '127.0.0.1', '10.0.0.1,10.0.0.2', '10.0.0.1'],
    ['a word that is no address', '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
    ['a word behind a proxy', '127.0.0.1', 'evil, 10.0.0.2', '10.0.0.2'],
    ['nothing between commas', '127.0.0.1', '203.0.113.9,,', '127.0.0.1'],
    ['several headers', '127.0.0.1', ['192.0.2.1', '203.0.113.9'], '203.0.113.9'],
    ['with a port', '127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6 with a port', 'fd00::1', '[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
    ['IPv6 in brackets', 'fd00::1', '[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['IPv6 in full', 'fd00::1', '2001:0DB8:0001:0002:0003:0004:0005:0006', '2001:db8:1:2::/64'],
    ['IPv6 with few groups', '2001:db8::9', undefined, '2001:db8:0:0::/64'],
    ['IPv6 with IPv4 in it, and a zone', 'fe80::192.0.2.1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['IPv6 of this machine', '::1', undefined, '0:0:0:0::/64'],
    ['IPv4 written as IPv6, at both ends', '::ffff:127.0.0.1', '::FFFF:203.0.113.9', '203.0.113.9'],
    ['IPv4 written as IPv6, without a proxy', '::ffff:203.0.113.9', '192.0.2.1', '203.0.113.9'],
  ])('%s', (_what, from, forwarded, expected) => {
    expect(counted(from, forwarded)).toBe(expected);
  });

  it('is found at once, however long the header is', () => {
    const started = performance.now();
    expect(counted('127.0.0.1', '10.0.0.1,'.repeat(9_000))).toBe('127.0.0.1');
    expect(counted('127.0.0.1', `[${'1'.repeat(90_000)}`)).toBe('127.0.0.1');
    expect(performance.now() - started).toBeLessThan(200);
  });
});
