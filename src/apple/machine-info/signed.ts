import type { X509Certificate } from 'node:crypto';
import { CmsError, verifySignedData } from '../cms/index.js';
import { isDict, parsePlist, PlistError, type PlistDict } from '../plist/index.js';
import { MachineInfoError } from './errors.js';

/** Real ones have about 5 KiB: a dozen short attributes, and a chain of certificates. */
export const MAX_SIGNED_BYTES = 64 * 1024;
const LIMITS = { maxBytes: MAX_SIGNED_BYTES, maxDepth: 4, maxNodes: 256 };

/** What somebody signed. Whether the signer is one to be believed is yet to be asked. */
export interface SignedAttributes {
  readonly dict: PlistDict;
  readonly certificate: X509Certificate;
  /** DER of the other certificates that came along. */
  readonly others: Buffer[];
}

/**
 * Opens a property list signed with CMS, its content inside, by exactly one signer (RFC 5652); the signature is verified, the
 * signer's certificate is not.
 * @throws MachineInfoError `malformed`, `too-large`
 */
export function openSigned(cms: Uint8Array): SignedAttributes {
  if (cms.length > MAX_SIGNED_BYTES)
    throw new MachineInfoError('too-large', `they are longer than ${MAX_SIGNED_BYTES} bytes`);
  try {
    const { content, certificate, otherCertificates } = verifySignedData(cms);
    const dict = parsePlist(content, LIMITS);
    if (!isDict(dict)) throw new MachineInfoError('malformed', 'they are not a dictionary');
    return { dict, certificate, others: otherCertificates };
  } catch (cause) {
    if (!(cause instanceof CmsError) && !(cause instanceof PlistError)) throw cause;
    throw new MachineInfoError('malformed', cause.message, { cause });
  }
}
