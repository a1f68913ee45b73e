import type { X509Certificate } from 'node:crypto';

export type ScepDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';
export type ScepCipher = 'des' | 'des3' | 'aes128' | 'aes192' | 'aes256';

/**
 * A request for a certificate whose signature and proof of the key are right. That says nothing of whether the sender may
 * have one: for a PKCSReq the challenge in `csr` decides, for a RenewalReq whether `signer` is a living identity of ours.
 */
export interface ScepRequest {
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  /** 1 to 255 printable ASCII characters. */
  readonly transactionId: string;
  readonly senderNonce: Buffer;
  /** PKCSReq: a self-signed certificate for the key of `csr`. RenewalReq: the identity so far, NOT yet verified. */
  readonly signer: X509Certificate;
  readonly signerDer: Buffer;
  /** DER that `readCertificateRequest` accepts. */
  readonly csr: Buffer;
  readonly digest: ScepDigest;
  readonly cipher: ScepCipher;
}
