import { generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { isDict, type PlistDict, type PlistValue } from '../../src/apple/plist/index.js';
import type { Issued } from '../pki.js';
import { makePkcsReq, readAuthorities, readCertRep, type ScepRequestOptions } from '../scep/index.js';
import type { InstalledProfile } from './profile.js';

/** The server said no, at some step before the first check-in. */
export class LinkError extends Error {
  override name = 'LinkError';

  constructor(
    message: string,
    /** HTTP status, if that was the answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * SCEP as the payload says: GetCACert, compared with the fingerprint, then one PKCSReq.
 * @param more what to do differently, for tests
 * @throws {LinkError}
 */
export async function requestIdentity(
  content: PlistDict,
  more: Partial<ScepRequestOptions> = {},
): Promise<Issued> {
  const url = text(content, 'URL');
  const caCertificate = await askAuthority(url);
  checkFingerprint(caCertificate, content['CAFingerprint']);
  const key = more.key ?? (await generateRsa(Number(content['Keysize'] ?? 2048)));
  const exchange = makePkcsReq({ caCertificate, challenge: text(content, 'Challenge'), ...more, key });
  const answer = await fetch(`${url}?operation=PKIOperation`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-pki-message' },
    body: new Uint8Array(exchange.message),
  });
  if (answer.status !== 200) throw new LinkError(`SCEP answers ${answer.status}`, answer.status);
  const reply = readCertRep(Buffer.from(await answer.arrayBuffer()), exchange);
  if (reply.status !== 'SUCCESS') throw new LinkError(`SCEP answers ${JSON.stringify(reply)}`);
  return issued(reply.certificate, key);
}

/** GetCACert: who issues, which is the first of several. @throws {LinkError} */
async function askAuthority(url: string): Promise<X509Certificate> {
  const answer = await fetch(`${url}?operation=GetCACert`);
  const body = Buffer.from(await answer.arrayBuffer());
  const [certificate] = readAuthorities(answer.headers.get('content-type'), body);
  if (certificate === undefined) throw new LinkError('GetCACert answers with no certificate');
  return certificate;
}

/** SHA-1, the one that devices have always been told. */
function checkFingerprint({ fingerprint }: X509Certificate, expected: PlistValue | undefined): void {
  if (!(expected instanceof Uint8Array)) return;
  const hex = Buffer.from(expected).toString('hex').toUpperCase();
  if (fingerprint.replaceAll(':', '') !== hex)
    throw new LinkError('GetCACert answers with another authority');
}

const generate = promisify(generateKeyPair);

async function generateRsa(modulusLength: number): Promise<KeyObject> {
  return (await generate('rsa', { modulusLength })).privateKey;
}

function issued(certDer: Buffer, key: KeyObject): Issued {
  const certPem = new X509Certificate(certDer).toString();
  return { certDer, certPem, key, keyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}

/** @throws {LinkError} when the profile has none of the type */
export function payload({ payloads }: InstalledProfile, type: string): PlistDict {
  const found = payloads.find((one) => one.type === type);
  if (found === undefined) throw new LinkError(`The profile has no ${type} payload`);
  return found.raw;
}

export function dict(from: PlistDict, key: string): PlistDict {
  const value = from[key];
  if (!isDict(value)) throw new LinkError(`${key} is missing`);
  return value;
}

export function text(from: PlistDict, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new LinkError(`${key} is missing`);
  return value;
}
