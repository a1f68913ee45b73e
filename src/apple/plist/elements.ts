export type ElementName =
  'plist' | 'dict' | 'array' | 'key' | 'string' | 'integer' | 'real' | 'date' | 'data' | 'true' | 'false';

/** The elements that hold text, or nothing. */
export type LeafName = Exclude<ElementName, 'plist' | 'dict' | 'array'>;

const NAMES: readonly ElementName[] = [
  'plist',
  'dict',
  'array',
  'key',
  'string',
  'integer',
  'real',
  'date',
  'data',
  'true',
  'false',
];
const BY_FIRST_BYTE: readonly (readonly ElementName[])[] = Array.from({ length: 256 }, (_, first) =>
  NAMES.filter((name) => name.charCodeAt(0) === first),
);

/** The element whose name starts at `at`, or undefined. No name begins another, so what follows is the caller's to check. */
export function elementAt(bytes: Buffer, at: number): ElementName | undefined {
  const candidates = BY_FIRST_BYTE[bytes[at] ?? 0] as readonly ElementName[];
  for (let i = 0; i < candidates.length; i += 1) {
    const name = candidates[i] as ElementName;
    if (isElementAt(bytes, at, name)) return name;
  }
  return undefined;
}

export function isElementAt(bytes: Buffer, at: number, name: ElementName): boolean {
  for (let i = 0; i < name.length; i += 1) {
    if (bytes[at + i] !== name.charCodeAt(i)) return false;
  }
  return true;
}
