export interface PlistLimits {
  /** Size of the document in bytes. */
  maxBytes: number;
  /** Containers within each other; a document whose root is a dictionary of strings has depth 1. */
  maxDepth: number;
  /** Values in the tree, containers included and keys not; in a binary document, after shared objects are expanded. */
  maxNodes: number;
}

export const DEFAULT_LIMITS: Readonly<PlistLimits> = {
  maxBytes: 32 * 1024 * 1024,
  maxDepth: 64,
  maxNodes: 2_000_000,
};

/** The defaults where no limit is given; a member that is present but undefined lifts nothing. */
export function completeLimits(limits: Partial<PlistLimits> = {}): PlistLimits {
  return {
    maxBytes: limits.maxBytes ?? DEFAULT_LIMITS.maxBytes,
    maxDepth: limits.maxDepth ?? DEFAULT_LIMITS.maxDepth,
    maxNodes: limits.maxNodes ?? DEFAULT_LIMITS.maxNodes,
  };
}
