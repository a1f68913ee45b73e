import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, boolean, integer, nothing, octets, oid, sequence, taggedPrimitive } from '../der.js';
import type { IssueOptions } from './options.js';

const USAGE = { clientAuth: '1.3.6.1.5.5.7.3.2', serverAuth: '1.3.6.1.5.5.7.3.1' } as const;
const APPLE_PUSH = ['1.2.840.113635.100.6.3.1', '1.2.840.113635.100.6.3.2'];

// keyUsage bits, from the left: digitalSignature 0, keyEncipherment 2, keyCertSign 5, cRLSign 6 (RFC 5280 section 4.2.1.3).
const CA_USAGE = bits(Buffer.from([0b10000110]), 1);
const LEAF_USAGE = bits(Buffer.from([0b10100000]), 5);
const ENCIPHERMENT_USAGE = bits(Buffer.from([0b00100000]), 5);

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

/** SHA-1 of the whole SubjectPublicKeyInfo: any number that is the key's own will do (RFC 7093 section 2). */
export function keyIdentifier(publicKeyInfo: Uint8Array): Buffer {
  return createHash('sha1').update(publicKeyInfo).digest();
}

function ipv6Octets(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

const ipOctets = (address: string): Buffer =>
  Buffer.from(isIPv4(address) ? address.split('.').map(Number) : ipv6Octets(address));

function basicConstraints(o: IssueOptions): Buffer {
  if (!o.ca) return sequence();
  return sequence(boolean(true), ...(o.pathLength === undefined ? [] : [integer(BigInt(o.pathLength))]));
}

function alternativeNames(o: IssueOptions): Buffer[] {
  const names = [
    ...(o.dnsNames ?? []).map((name) => taggedPrimitive(2, Buffer.from(name))),
    ...(o.ipAddresses ?? []).map((address) => taggedPrimitive(7, ipOctets(address))),
  ];
  return names.length === 0 ? [] : [extension('2.5.29.17', sequence(...names))];
}

function extendedUsage(o: IssueOptions): Buffer[] {
  const usages = o.extendedKeyUsage ?? [];
  return usages.length === 0 ? [] : [extension('2.5.29.37', sequence(...usages.map((u) => oid(USAGE[u]))))];
}

function keyUsage({ ca = false, maySign = true }: IssueOptions): Buffer {
  if (ca) return CA_USAGE;
  return maySign ? LEAF_USAGE : ENCIPHERMENT_USAGE;
}

/** The extensions of a version 3 certificate (RFC 5280 section 4.2), and Apple's two for an MDM push certificate. */
export function extensions(o: IssueOptions, ownKeyId: Buffer, issuerKeyId: Buffer): Buffer {
  return sequence(
    extension('2.5.29.19', basicConstraints(o), true),
    extension('2.5.29.15', keyUsage(o), true),
    extension('2.5.29.14', octets(ownKeyId)),
    extension('2.5.29.35', sequence(taggedPrimitive(0, issuerKeyId))),
    ...extendedUsage(o),
    ...alternativeNames(o),
    ...(o.appleMdmPush ? APPLE_PUSH.map((id) => extension(id, nothing())) : []),
  );
}
