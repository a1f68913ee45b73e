import { extractSignedContent, isSignedData } from '../../src/apple/cms/index.js';
import { isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';
import type { Issued } from '../pki.js';
import { profileIn } from './automated.js';
import type { SimulatedDevice } from './device.js';
import { installProfile, LinkError, requestIdentity } from './link.js';
import { factsBefore, profileServiceAnswer, signAttributes, type UnenrolledOptions } from './machine-info.js';
import type { DeviceFacts } from './options.js';
import { readProfile } from './profile.js';

/** Over-the-air enrolment, phase by phase; `deviceOverTheAir` takes them all. */
export class OverTheAirFlow {
  readonly facts: DeviceFacts;

  constructor(
    private readonly apple: Issued,
    private readonly o: UnenrolledOptions = {},
  ) {
    this.facts = factsBefore(o);
  }

  /** Phase 1: where to answer, and with what challenge. @throws {LinkError} */
  async begin(link: string): Promise<{ readonly url: string; readonly challenge: string }> {
    const bytes = await profileIn(await fetch(`${link}/ota`));
    const service = parsePlist(isSignedData(bytes) ? extractSignedContent(bytes).content : bytes);
    const content =
      isDict(service) && service['PayloadType'] === 'Profile Service' ? service['PayloadContent'] : {};
    const { URL: url, Challenge: challenge } = content as PlistDict;
    if (typeof url !== 'string' || typeof challenge !== 'string')
      throw new LinkError('This is no profile service');
    return { url, challenge };
  }

  /** Sends the attributes, signed by whoever. */
  send(url: string, challenge: string, signer: Issued): Promise<Response> {
    const content = profileServiceAnswer(this.facts, challenge, this.o);
    return this.post(url, signAttributes(content, signer, { digest: 'sha256' }));
  }

  post(url: string, message: Buffer): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/pkcs7-signature' },
      body: new Uint8Array(message),
    });
  }

  /** Phase 2: the certificate that the answer leads to. @throws {LinkError} */
  async identify(url: string, challenge: string): Promise<Issued> {
    return requestIdentity(scepIn(await profileIn(await this.send(url, challenge, this.apple))));
  }

  /** Phase 3, and the installation of what it is answered. @throws {LinkError} */
  async finish(url: string, challenge: string, identity: Issued): Promise<SimulatedDevice> {
    const profile = await profileIn(await this.send(url, challenge, identity));
    return installProfile(profile, { ...this.o, ...this.facts });
  }
}

/** What a profile says of the certificate to get. @throws {LinkError} */
export function scepIn(profile: Buffer): PlistDict {
  const scep = readProfile(profile).payloads.find(({ type }) => type === 'com.apple.security.scep');
  const content = scep?.raw['PayloadContent'];
  if (isDict(content)) return content;
  throw new LinkError('The profile leads to no certificate');
}

/**
 * Does what a person and a device do with a link that enrols over the air, and is ready to check in: `enroll()` is the next step.
 * @param apple what Apple gave the device
 * @throws {LinkError}
 */
export async function deviceOverTheAir(
  link: string,
  apple: Issued,
  o: UnenrolledOptions = {},
): Promise<SimulatedDevice> {
  const flow = new OverTheAirFlow(apple, o);
  const { url, challenge } = await flow.begin(link);
  return flow.finish(url, challenge, await flow.identify(url, challenge));
}
