/**
 * malformed    not a CMS message with a property list of device attributes inside, or one whose signature is wrong
 * too-large    longer than any device writes
 * not-trusted  signed, but not with a certificate that an Apple device authority gave a device
 */
export type MachineInfoErrorCode = 'malformed' | 'too-large' | 'not-trusted';

/** Device attributes that cannot be believed. The message completes "The device's attributes were refused: …". */
export class MachineInfoError extends Error {
  readonly code: MachineInfoErrorCode;

  constructor(code: MachineInfoErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'MachineInfoError';
    this.code = code;
  }
}
