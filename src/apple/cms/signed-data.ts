import {
  contextConstructed,
  documentFields,
  Fields,
  members,
  objectIdentifier,
  octetString,
  TAG,
  type Element,
} from '../asn1/index.js';
import { CmsError } from './errors.js';
import { readSignerInfo, type SignerInfo } from './signer-info.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const DATA = '1.2.840.113549.1.7.1';

/** A signed profile may be 8 MiB, and its certificates and padding come on top. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_CERTIFICATES = 16;

export interface SignedData {
  /** What is signed, when it travels inside. */
  readonly content: Buffer | undefined;
  readonly certificates: readonly Element[];
  readonly signerInfo: SignerInfo;
}

/** encapContentInfo: what kind of content it is, and the content unless it travels apart. */
function readContent(element: Element): { contentType: string; content: Buffer | undefined } {
  const fields = new Fields(element);
  const contentType = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'eContentType'));
  const wrapper = fields.optional(contextConstructed(0));
  fields.end('encapContentInfo');
  if (!wrapper) return { contentType, content: undefined };
  const inner = new Fields(wrapper);
  const content = octetString(inner.any('eContent'));
  inner.end('eContent');
  return { contentType, content };
}

function readOnlySigner(signerInfos: Element): SignerInfo {
  const fields = new Fields(signerInfos);
  if (!fields.more) throw new CmsError('no-signer', 'nobody signed the message');
  const signer = fields.next(TAG.SEQUENCE, 'SignerInfo');
  if (fields.more) throw new CmsError('several-signers', 'more than one signer; exactly one is accepted');
  return readSignerInfo(signer);
}

/** Certificates proper: the obsolete and the attribute kinds of CertificateChoices carry a context tag. */
function readCertificates(set: Element | undefined): Element[] {
  if (!set) return [];
  return members(set, MAX_CERTIFICATES, 'certificates').filter(({ tag }) => tag === TAG.SEQUENCE);
}

/** Without attributes a signature says nothing of the content's type, so it has to be plain data (RFC 5652 section 5.3). */
function checkContentType(contentType: string, { attributes }: SignerInfo): void {
  const claimed = attributes?.contentType ?? DATA;
  if (claimed !== contentType)
    throw new CmsError('malformed', 'the content is not of the type that was signed');
}

function unwrap(bytes: Uint8Array): Fields {
  if (bytes.length > MAX_BYTES) throw new CmsError('too-large', `larger than ${MAX_BYTES} bytes`);
  const contentInfo = documentFields(bytes, 'ContentInfo');
  const type = objectIdentifier(contentInfo.next(TAG.OBJECT_IDENTIFIER, 'contentType'));
  if (type !== SIGNED_DATA) throw new CmsError('malformed', `content type ${type} is not signed data`);
  const wrapper = new Fields(contentInfo.next(contextConstructed(0), 'content'));
  contentInfo.end('ContentInfo');
  const signedData = new Fields(wrapper.next(TAG.SEQUENCE, 'SignedData'));
  wrapper.end('content');
  return signedData;
}

/**
 * Reads the structure of a CMS SignedData in its ContentInfo (RFC 5652 sections 3 and 5.1); verifies nothing.
 * @throws CmsError, Asn1Error
 */
export function readSignedData(bytes: Uint8Array): SignedData {
  const fields = unwrap(bytes);
  fields.next(TAG.INTEGER, 'version');
  fields.next(TAG.SET, 'digestAlgorithms');
  const { contentType, content } = readContent(fields.next(TAG.SEQUENCE, 'encapContentInfo'));
  const certificates = readCertificates(fields.optional(contextConstructed(0)));
  fields.optional(contextConstructed(1));
  const signerInfo = readOnlySigner(fields.next(TAG.SET, 'signerInfos'));
  fields.end('SignedData');
  checkContentType(contentType, signerInfo);
  return { content, certificates, signerInfo };
}
