import type { PushCertificate } from '../../apple/apns/index.js';

/** The push certificate that devices are woken with. */
export interface PushCertificateInUse {
  /** A file that the operator provides, or what was uploaded. */
  readonly source: 'FILE' | 'UPLOADED';
  readonly certificate: PushCertificate;
  /** The record of an uploaded one. */
  readonly uuid: string | null;
}

/** Where the push certificate comes from. */
export interface PushCertificateSource {
  /** The one to use from now on: `held` itself while it is still that one. Throws when it cannot tell; nothing changes then. */
  look(held: PushCertificateInUse | undefined): Promise<PushCertificateInUse | undefined>;
}
