import type { X509Certificate } from 'node:crypto';
import { CmsError, extractSignedContent, isSignedData } from '../cms/index.js';
import { isDict, parsePlist, PlistError, type PlistDict, type PlistValue } from '../plist/index.js';
import { MobileconfigError } from './errors.js';

/** Fonts and large web clips fit; more than this does not travel well inside a command. */
export const MAX_PROFILE_BYTES = 8 * 1024 * 1024;

/** How far into a file that begins wrongly to look for where it should have begun. */
const SEARCHED = 4096;
const BEGINNINGS = ['<?xml', '<!DOCTYPE', '<plist', 'bplist00'];

const BYTE_ORDER_MARKS = [
  { mark: Buffer.from('efbbbf', 'hex'), name: 'UTF-8' },
  { mark: Buffer.from('feff', 'hex'), name: 'UTF-16' },
  { mark: Buffer.from('fffe', 'hex'), name: 'UTF-16' },
];

export interface OpenedProfile {
  readonly dict: PlistDict;
  readonly signer: X509Certificate | undefined;
}

function unsign(bytes: Buffer): { content: Buffer; signer: X509Certificate | undefined } {
  if (!isSignedData(bytes)) return { content: bytes, signer: undefined };
  try {
    const { content, signer } = extractSignedContent(bytes);
    return { content, signer: signer.certificate };
  } catch (cause) {
    if (!(cause instanceof CmsError)) throw cause;
    const code = cause.code === 'too-large' ? 'too-large' : 'bad-signature';
    throw new MobileconfigError(
      code,
      `The signature is not right: ${cause.message}. Sign the profile again`,
      { cause },
    );
  }
}

/** What a file begins with that is not a property list; undefined when it begins as one. */
function strayBeginning(content: Buffer): string | undefined {
  const bom = BYTE_ORDER_MARKS.find(({ mark }) => content.subarray(0, mark.length).equals(mark));
  if (bom) return `The file begins with a ${bom.name} byte order mark; save it as UTF-8 without one`;
  const head = content.toString('latin1', 0, SEARCHED);
  if (head.startsWith('<') || head.startsWith('bplist')) return undefined;
  const at = Math.min(...BEGINNINGS.map((beginning) => head.indexOf(beginning)).filter((index) => index > 0));
  if (Number.isFinite(at)) return `${at} bytes stand before the property list; the file has to begin with it`;
  return 'The file is neither a property list (XML or binary) nor a signed one';
}

function parse(content: Buffer): PlistValue {
  const stray = strayBeginning(content);
  if (stray !== undefined) throw new MobileconfigError('not-a-plist', stray);
  try {
    return parsePlist(content, { maxBytes: MAX_PROFILE_BYTES });
  } catch (cause) {
    if (!(cause instanceof PlistError)) throw cause;
    const code = cause.code.startsWith('too-') ? 'too-large' : 'not-a-plist';
    throw new MobileconfigError(code, `The file cannot be read as a property list: ${cause.message}`, {
      cause,
    });
  }
}

/** Takes the signature off, if there is one and it is right, and reads the property list. @throws MobileconfigError */
export function openProfile(bytes: Buffer): OpenedProfile {
  if (bytes.length > MAX_PROFILE_BYTES) {
    throw new MobileconfigError(
      'too-large',
      `The file has ${bytes.length} bytes; ${MAX_PROFILE_BYTES} are the most`,
    );
  }
  const { content, signer } = unsign(bytes);
  const dict = parse(content);
  if (isDict(dict)) return { dict, signer };
  throw new MobileconfigError(
    'not-a-profile',
    'The property list is not a dictionary, as a configuration profile is',
  );
}
