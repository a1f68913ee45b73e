/** What a property list holds. An integer is a number while that is exact, otherwise a bigint. */
export type PlistValue = string | number | bigint | boolean | Date | Buffer | PlistValue[] | PlistDict;

/** A dictionary. Those that are read have no prototype, so `__proto__` is a key like any other. */
export interface PlistDict {
  [key: string]: PlistValue | undefined;
}

/** What can be written: any bytes where a Buffer would be read, and members that may be undefined (they are skipped). */
export type PlistInput =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | readonly PlistInput[]
  | { readonly [key: string]: PlistInput | undefined };

/** True for a dictionary that was read, and for a plain object literal; false for arrays, dates, bytes and classes. */
export function isDict(value: unknown): value is PlistDict {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
