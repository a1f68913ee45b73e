import { sign, type KeyObject, type X509Certificate } from 'node:crypto';
import { buildPlist } from '../plist/index.js';

/** Who may ask Apple for push certificates on behalf of customers: an MDM vendor. */
export interface PushVendor {
  /** The MDM CSR signing certificate first, then its issuers up to Apple's root. */
  readonly chain: readonly X509Certificate[];
  /** RSA. */
  readonly privateKey: KeyObject;
}

/**
 * The file that identity.apple.com/pushcert takes, as base64 text: a property list of the request, the vendor's signature over
 * its DER (RSA, SHA-256) and the vendor's certificates (Apple: "Setting up push notifications for your MDM customers").
 */
export function appleRequest(csr: Buffer, vendor: PushVendor): string {
  const plist = buildPlist({
    PushCertCertificateChain: vendor.chain.map(String).join(''),
    PushCertRequestCSR: csr.toString('base64'),
    PushCertSignature: sign('sha256', csr, vendor.privateKey).toString('base64'),
  });
  return plist.toString('base64');
}
