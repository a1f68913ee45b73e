import { generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { isDict, type PlistDict, type PlistValue } from '../../src/apple/plist/index.js';
import type { Issued } from '../pki.js';
import { makePkcsReq, readCertRep, type ScepRequestOptions } from '../scep/index.js';
import { SimulatedDevice } from './device.js';
import type { DeviceOptions } from './options.js';
import { readProfile, type InstalledProfile } from './profile.js';

/** What a device that enrols by a link brings along; the rest is in the profile. */
export type LinkedDeviceOptions = Partial<Omit<DeviceOptions, 'identity' | 'topic' | 'enrollmentProfile'>>;

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
 * Does what a person and an iPhone do with an enrolment link: downloads the profile, installs it (which gets a certificate
 * by SCEP), and is ready to check in: `enroll()` is the next step.
 * @throws {LinkError}
 */
export async function deviceFromLink(
  link: string,
  options: LinkedDeviceOptions = {},
): Promise<SimulatedDevice> {
  return installProfile(await downloadProfile(link), options);
}

/** The bytes of the `.mobileconfig` behind a link. @throws {LinkError} */
export async function downloadProfile(link: string): Promise<Buffer> {
  const answer = await fetch(`${link}/profile`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status !== 200) throw new LinkError(`The link answers ${answer.status}`, answer.status);
  if (type.startsWith('application/x-apple-aspen-config')) return bytes;
  throw new LinkError(`The link leads to ${type}, which is no profile`);
}

/** Installs an enrolment profile: gets the identity it asks for. @throws {LinkError} */
export async function installProfile(
  bytes: Buffer,
  options: LinkedDeviceOptions = {},
): Promise<SimulatedDevice> {
  const profile = readProfile(bytes);
  const scep = payload(profile, 'com.apple.security.scep');
  const mdm = payload(profile, 'com.apple.mdm');
  const identity = await requestIdentity(dict(scep, 'PayloadContent'));
  const connect = new URL(text(mdm, 'ServerURL'));
  return new SimulatedDevice({
    serverUrl: connect.origin,
    connectPath: connect.pathname,
    checkInPath: new URL(typeof mdm['CheckInURL'] === 'string' ? mdm['CheckInURL'] : connect).pathname,
    ...options,
    topic: text(mdm, 'Topic'),
    identity,
    enrollmentProfile: bytes,
  });
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
  const authority = await fetch(`${url}?operation=GetCACert`);
  const caCertificate = new X509Certificate(Buffer.from(await authority.arrayBuffer()));
  checkFingerprint(caCertificate, content['CAFingerprint']);
  const key = await generateRsa(Number(content['Keysize'] ?? 2048));
  const exchange = makePkcsReq({ key, caCertificate, challenge: text(content, 'Challenge'), ...more });
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

function payload({ payloads }: InstalledProfile, type: string): PlistDict {
  const found = payloads.find((one) => one.type === type);
  if (found === undefined) throw new LinkError(`The profile has no ${type} payload`);
  return found.raw;
}

function dict(from: PlistDict, key: string): PlistDict {
  const value = from[key];
  if (!isDict(value)) throw new LinkError(`${key} is missing`);
  return value;
}

function text(from: PlistDict, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new LinkError(`${key} is missing`);
  return value;
}
