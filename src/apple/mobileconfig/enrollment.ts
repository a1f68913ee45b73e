import { buildPlist, type PlistInput } from '../plist/index.js';

/** What an enrolment profile tells a device. */
export interface EnrollmentContent {
  /** What the person reads who installs it. */
  readonly displayName: string;
  readonly organization: string | undefined;
  readonly scep: {
    readonly url: string;
    /** One use, for this download alone. */
    readonly challenge: string;
    /** What the device asks to be called; the authority decides for itself. */
    readonly commonName: string;
    /** SHA-1 of the authority's certificate, 20 bytes: by it the device knows the authority it is shown. */
    readonly caFingerprint: Buffer;
  };
  readonly mdm: {
    readonly serverUrl: string;
    readonly checkInUrl: string;
    /** Of the push certificate, `com.apple.mgmt.…`. */
    readonly topic: string;
    readonly accessRights: number;
    /** The person who signed in for it, and how the device is enrolled (Apple: EnrollmentMode). */
    readonly account?: { readonly mode: 'BYOD' | 'ADDE'; readonly managedAppleId: string } | undefined;
  };
  /** DER of a root the device is to trust; undefined adds none. */
  readonly trustedRoot: Buffer | undefined;
  /** The same ones every time, so that a profile sent again replaces the one that is there. */
  readonly uuids: {
    readonly profile: string;
    readonly scep: string;
    readonly mdm: string;
    readonly root: string;
  };
}

/** What a device is told so that it gets a certificate. */
export interface IdentityContent extends Pick<EnrollmentContent, 'scep' | 'organization'> {
  readonly uuids: { readonly scep: string };
}

const IDENTIFIER = 'pomona.enrollment';
/** Signing (1) and encryption (4): SCEP needs both of an RSA key (RFC 8894 section 3.1). */
const SIGN_AND_ENCRYPT = 5;
/** A Mac's users have channels of their own. */
const USERS = 'com.apple.mdm.per-user-connections';
/** Its bootstrap token is escrowed here; not in User Enrollment, where Apple forbids it. */
const BOOTSTRAP_TOKEN = 'com.apple.mdm.bootstraptoken';

/** Writes the `.mobileconfig`, unsigned. Source: Apple's TopLevel, com.apple.security.scep, com.apple.mdm, com.apple.security.root. */
export function buildEnrollmentProfile(content: EnrollmentContent): Buffer {
  const { displayName, organization, uuids, trustedRoot } = content;
  return buildPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: IDENTIFIER,
    PayloadUUID: uuids.profile,
    PayloadDisplayName: displayName,
    PayloadDescription: `Lets ${organization ?? 'the organization'} manage this device.`,
    PayloadOrganization: organization,
    PayloadScope: 'System',
    PayloadContent: [
      ...(trustedRoot === undefined ? [] : [rootPayload(content, trustedRoot)]),
      scepPayload(content),
      mdmPayload(content),
    ],
  });
}

/** Has the device make a key and get a certificate for it. */
export function scepPayload({ scep, organization, uuids }: IdentityContent): PlistInput {
  const subject = [...(organization === undefined ? [] : [[['O', organization]]]), [['CN', scep.commonName]]];
  return {
    ...common('com.apple.security.scep', 'scep', uuids.scep, 'Device identity'),
    PayloadContent: {
      URL: scep.url,
      Subject: subject,
      Challenge: scep.challenge,
      Keysize: 2048,
      'Key Type': 'RSA',
      'Key Usage': SIGN_AND_ENCRYPT,
      CAFingerprint: scep.caFingerprint,
      KeyIsExtractable: false,
    },
  };
}

/** A User Enrollment grants no AccessRights: what may be done to the device is fixed (Apple: com.apple.mdm). */
function mdmPayload({ mdm, uuids }: EnrollmentContent): PlistInput {
  const isUserEnrollment = mdm.account?.mode === 'BYOD';
  return {
    ...common('com.apple.mdm', 'mdm', uuids.mdm, 'Device management'),
    ServerURL: mdm.serverUrl,
    CheckInURL: mdm.checkInUrl,
    Topic: mdm.topic,
    IdentityCertificateUUID: uuids.scep,
    AccessRights: isUserEnrollment ? undefined : mdm.accessRights,
    SignMessage: true,
    CheckOutWhenRemoved: true,
    ServerCapabilities: isUserEnrollment ? [USERS] : [USERS, BOOTSTRAP_TOKEN],
    EnrollmentMode: mdm.account?.mode,
    AssignedManagedAppleID: mdm.account?.managedAppleId,
  };
}

function rootPayload({ uuids }: EnrollmentContent, certificate: Buffer): PlistInput {
  return {
    ...common('com.apple.security.root', 'root', uuids.root, 'Certificate authority'),
    PayloadCertificateFileName: 'authority.cer',
    PayloadContent: certificate,
  };
}

function common(type: string, name: string, uuid: string, displayName: string) {
  return {
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: `${IDENTIFIER}.${name}`,
    PayloadUUID: uuid,
    PayloadDisplayName: displayName,
  };
}
