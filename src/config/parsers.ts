import { BlockList, isIP } from 'node:net';

export const text = (value: string): string => value;
export const optionalText = (value: string): string | undefined => (value === '' ? undefined : value);

/** A whole number within bounds, both included. What does not fit is thrown in words. */
export function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      throw new Error(`a whole number from ${min} to ${max}`);
    return number;
  };
}

/** A port, 0 for any free one; undefined when empty. Throws in words. */
export function optionalPort(value: string): number | undefined {
  return value === '' ? undefined : whole(0, 65_535)(value);
}

/** true or false, also as 1 and 0. Throws in words. */
export function flag(value: string): boolean {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error('true or false');
}

/** One of these words. Throws in words. */
export function oneOf<const T extends string>(...allowed: T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Error(`one of ${allowed.join(', ')}`);
    return found;
  };
}

/** A URL of one of these protocols (`https:`); undefined when empty. Throws in words. */
export function urlOf(...protocols: string[]): (value: string) => string | undefined {
  return (value) => {
    if (value === '') return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new Error(`a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    }
    return value;
  };
}

/** Where devices and people come to: addresses are made by adding to it, and stand in the profiles of all devices. */
export function publicUrl(value: string): string | undefined {
  const url = urlOf('https:', 'http:')(value);
  if (url !== undefined && (/[?#]/.test(url) || new URL(url).username !== ''))
    throw new Error('a URL without user name, ? and #, as in https://mdm.example.org');
  return url;
}

/** A mysql:// or mariadb:// URL with the name of a database; undefined when empty. Throws in words. */
export function databaseUrl(value: string): string | undefined {
  const url = urlOf('mysql:', 'mariadb:')(value);
  if (url !== undefined && new URL(url).pathname.length < 2)
    throw new Error('a URL that ends with the name of the database, as in mysql://user:password@host/pomona');
  return url;
}

/** Addresses and networks, separated by commas, as one list to check against. */
export function proxies(value: string): BlockList {
  const list = new BlockList();
  for (const entry of value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''))
    addNetwork(list, entry);
  return list;
}

function addNetwork(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0)
    throw new Error('IP addresses or networks separated by commas, as in 10.0.0.5,192.168.0.0/16');
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, kind);
  else list.addSubnet(address, whole(0, family === 4 ? 32 : 128)(bits), kind);
}

/** 32 bytes, as 64 hexadecimal digits, or as base64 or base64url. */
export function secretKey(value: string): Buffer | undefined {
  const key = value.trim();
  if (key === '') return undefined;
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex');
  if (/^[\w+/-]{43}=?$/.test(key)) return Buffer.from(key, 'base64');
  throw new Error('32 bytes, as 64 hexadecimal digits or as base64 (make one with `openssl rand -hex 32`)');
}

/** Such keys, separated by commas. */
export function secretKeys(value: string): readonly Buffer[] {
  return paths(value).flatMap((one) => secretKey(one) ?? []);
}

/** Names of files, separated by commas. */
export function paths(value: string): readonly string[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A token that is long enough to be one; undefined when empty. Throws in words. */
export function adminToken(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length < 16 || value.length > 512 || /\s/.test(value))
    throw new Error('16 to 512 characters without white space');
  return value;
}

/** RFC 5280 appendix A.1, ub-organization-name. */
export function organization(value: string): string {
  const name = value.trim();
  if (name === '' || name.length > 64) throw new Error('a name of 1 to 64 characters');
  return name;
}

/** Web origins separated by commas, exactly as browsers send them; or `*` alone. */
export function origins(value: string): readonly string[] {
  const list = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const right = (one: string): boolean => URL.canParse(one) && new URL(one).origin === one;
  if (!(list.length === 1 && list[0] === '*') && !list.every(right))
    throw new Error(
      'origins separated by commas, as in https://console.example.org,http://localhost:5173 (no path, no slash at the end), or * alone',
    );
  return list;
}
