/** Identifier octets of the types that certificates and CMS are made of (X.690 section 8.1.2). */
export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  PRINTABLE_STRING: 0x13,
  T61_STRING: 0x14,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** `[n]`, primitive: a relabelled primitive type. */
export const contextPrimitive = (n: number): number => 0x80 | n;

/** `[n]`, constructed: something wrapped, or a relabelled SEQUENCE or SET. */
export const contextConstructed = (n: number): number => 0xa0 | n;

/** The bit that says "made of other elements". */
export const CONSTRUCTED = 0x20;
