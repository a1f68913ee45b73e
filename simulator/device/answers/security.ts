import { X509Certificate } from 'node:crypto';
import type { PlistDict } from '../../../src/apple/plist/index.js';
import type { Answerer, AnswerContext } from './outcome.js';

export const securityInfo: Answerer = (_request, context) => ({
  extra: { SecurityInfo: context.facts.platform === 'iOS' ? iosSecurity(context) : macosSecurity(context) },
});

const iosSecurity = ({ facts }: AnswerContext): PlistDict => ({
  HardwareEncryptionCaps: 3,
  PasscodePresent: true,
  PasscodeCompliant: true,
  PasscodeCompliantWithProfiles: true,
  PasscodeLockGracePeriod: 0,
  PasscodeLockGracePeriodEnforced: 0,
  AutoLockTime: 30,
  ManagementStatus: { IsUserEnrollment: facts.enrollmentId !== undefined },
});

const macosSecurity = ({ facts, device }: AnswerContext): PlistDict => ({
  FDE_Enabled: true,
  FDE_HasPersonalRecoveryKey: true,
  FDE_HasInstitutionalRecoveryKey: false,
  SystemIntegrityProtectionEnabled: true,
  AuthenticatedRootVolumeEnabled: true,
  RemoteDesktopEnabled: false,
  FirewallSettings: { FirewallEnabled: true, BlockAllIncoming: false, StealthMode: false, Applications: [] },
  FirmwarePasswordStatus: { PasswordExists: false, ChangePending: false, AllowOroms: false },
  SecureBoot: { SecureBootLevel: 'full', ExternalBootLevel: 'disallowed' },
  BootstrapTokenAllowedForAuthentication: device.bootstrapToken === undefined ? 'disallowed' : 'allowed',
  BootstrapTokenRequiredForSoftwareUpdate: true,
  BootstrapTokenRequiredForKernelExtensionApproval: true,
  IsRecoveryLockEnabled: false,
  ManagementStatus: {
    EnrolledViaDEP: facts.supervised,
    UserApprovedEnrollment: true,
    IsUserEnrollment: facts.enrollmentId !== undefined,
    IsActivationLockManageable: facts.supervised,
  },
});

/** The device's identity, and the certificates of installed profiles. */
export const certificateList: Answerer = (_request, { identity, channel }) => ({
  extra: {
    CertificateList: [
      listed(identity.certDer, true),
      ...[...channel.profiles.values()]
        .flatMap((profile) => profile.payloads)
        .map((payload) => payload.raw['PayloadContent'])
        .filter((content) => content instanceof Uint8Array)
        .flatMap(certificateIn),
    ],
  },
});

/** A PKCS#12 or anything else that is not a certificate is not listed. */
function certificateIn(content: Uint8Array): PlistDict[] {
  try {
    return [listed(new X509Certificate(content).raw, false)];
  } catch {
    return [];
  }
}

function listed(der: Buffer, isIdentity: boolean): PlistDict {
  const { subject } = new X509Certificate(der);
  return { CommonName: /^CN=(.*)$/m.exec(subject)?.[1] ?? subject, Data: der, IsIdentity: isIdentity };
}
