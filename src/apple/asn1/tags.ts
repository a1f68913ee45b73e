/** Identifier octets of the types that certificates and CMS are made of (X.690 section 8.1.2). */
export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** `[n]`, primitive: a relabelled primitive type. */
export const contextPrimitive = (n: number): number => 0x80 | n;

/** `[n]`, constructed: something wrapped, or a relabelled SEQUENCE or SET. */
export const contextConstructed = (n: number): number => 0xa0 | n;

/** The bit that says "made of other elements". */
export const CONSTRUCTED = 0x20;
