import type { DeviceOptions } from './options.js';
import { SimulatedDevice } from './device.js';
import { dict, LinkError, payload, requestIdentity, text } from './identity-request.js';
import { readProfile } from './profile.js';

export { LinkError, requestIdentity } from './identity-request.js';

/** What a device that enrols by a link brings along; the rest is in the profile. */
export type LinkedDeviceOptions = Partial<Omit<DeviceOptions, 'identity' | 'topic' | 'enrollmentProfile'>>;

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
