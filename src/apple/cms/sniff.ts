const SIGNED_DATA_OID = Buffer.from('06092a864886f70d010702', 'hex');

/** How many octets the header of the outermost element takes. */
function headerLength(lengthOctet: number): number {
  return lengthOctet > 0x80 ? 2 + (lengthOctet & 0x7f) : 2;
}

/** Whether these bytes begin as a CMS SignedData does. It costs nothing, and promises nothing of the rest. */
export function isSignedData(bytes: Uint8Array): boolean {
  const [tag, lengthOctet] = bytes;
  if (tag !== 0x30 || lengthOctet === undefined) return false;
  const start = headerLength(lengthOctet);
  return SIGNED_DATA_OID.equals(bytes.subarray(start, start + SIGNED_DATA_OID.length));
}
