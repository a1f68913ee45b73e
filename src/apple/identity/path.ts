import type { X509Certificate } from 'node:crypto';
import { constraintsOf } from './constraints.js';
import { IdentityError } from './errors.js';
import { checkSignatureAlgorithm, strongKeyOf } from './strength.js';

/** Certificates in a path, the leaf and the anchor included. */
const MAX_PATH = 4;

type Path = readonly X509Certificate[];

/** Throws when `issuer` made `child`'s signature but may not be relied on for it; false when it did not make it. */
function issued(issuer: X509Certificate, child: X509Certificate, authoritiesBelow: number): boolean {
  const { subject, ca, pathLength } = constraintsOf(issuer);
  if (!subject.equals(constraintsOf(child).issuer)) return false;
  const key = strongKeyOf(issuer);
  if (!child.verify(key)) return false;
  // `ca` of node:crypto looks at the key usage as well: an authority must be allowed to sign certificates.
  if (!ca || !issuer.ca)
    throw new IdentityError('not-a-ca', 'the chain has an issuer that is not an authority');
  if (authoritiesBelow > pathLength)
    throw new IdentityError('not-a-ca', 'an authority is deeper in the chain than allowed');
  checkSignatureAlgorithm(child);
  return true;
}

/**
 * Looks for a way from a leaf to an anchor, depth first. What was wrong with an issuer that did match is kept, to be told
 * when no way is found: it says more than "untrusted".
 */
class PathSearch {
  private reason: IdentityError | undefined;

  constructor(
    private readonly intermediates: Path,
    private readonly anchors: Path,
  ) {}

  from(leaf: X509Certificate): Path {
    const path = this.extend([leaf]);
    if (path) return path;
    throw this.reason ?? new IdentityError('untrusted-chain', 'no trusted authority issued the certificate');
  }

  private extend(path: Path): Path | undefined {
    const anchor = this.anchors.find((candidate) => this.continues(path, candidate));
    if (anchor) return [...path, anchor];
    if (path.length + 1 >= MAX_PATH) return undefined;
    for (const candidate of this.intermediates) {
      if (path.includes(candidate) || !this.continues(path, candidate)) continue;
      const found = this.extend([...path, candidate]);
      if (found) return found;
    }
    return undefined;
  }

  private continues(path: Path, issuer: X509Certificate): boolean {
    const child = path.at(-1);
    if (!child) return false;
    try {
      return issued(issuer, child, path.length - 1);
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      this.reason ??= error;
      return false;
    }
  }
}

/**
 * The path from the leaf to one of the anchors, both included. Dates are not looked at.
 * @throws IdentityError
 */
export function findPath(leaf: X509Certificate, intermediates: Path, anchors: Path): Path {
  return new PathSearch(intermediates, anchors).from(leaf);
}
