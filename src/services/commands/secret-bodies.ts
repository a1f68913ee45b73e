import { isDict, type PlistDict, type PlistValue } from '../../apple/plist/index.js';

/** Commands that are sealed whatever is in them: all they carry is a password, its hash, or a key (device-management schema, mdm/commands). */
const TYPES = new Set([
  'accountconfiguration',
  'rotatefilevaultkey',
  'setautoadminpassword',
  'setfirmwarepassword',
  'setrecoverylock',
  'verifyfirmwarepassword',
  'verifyrecoverylock',
]);

/** Members that are secrets in whatever command they stand: DeviceLock and EraseDevice may have a PIN, and need not. */
const MEMBERS = /^(pin|unlocktoken|bootstraptoken|returntoservice)$|password|passcode|passphrase|recoverykey/;

/**
 * Whether a command carries a secret, however its names are spelt. What profiles and the configurations of applications hold
 * under other names is not looked for: these are in the catalogue as well.
 */
export function carriesSecret(body: PlistDict): boolean {
  return TYPES.has(letters(String(body['RequestType']))) || holdsSecret(body);
}

function holdsSecret(value: PlistValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isDict(value)) return false;
  return Object.entries(value).some(
    ([name, member]) => (MEMBERS.test(letters(name)) && isFilled(member)) || holdsSecret(member),
  );
}

/** A flag, such as whether a passcode is asked for, is none; nor is what was left empty. */
function isFilled(value: PlistValue | undefined): boolean {
  if (typeof value === 'boolean') return false;
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length > 0 : true;
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}
