import type { PlistDict } from '../../apple/plist/index.js';
import { requirePermission, type Principal } from '../access.js';

/**
 * The commands that erase, or that decide who gets into a device: what they do cannot be taken back from here. What each
 * does is Apple's to say (device-management schema, `mdm/commands`). Restarting, shutting down and logging out are not
 * among them: they cost work, not access. Nor is RemoveProfile, of which nobody can tell here what the profile was for.
 */
export const DESTRUCTIVE: Readonly<Record<string, string>> = {
  EraseDevice: 'erases the device',
  DeleteUser: 'deletes a user with all that is theirs',
  DeviceLock: 'locks the device; a Mac cannot be used until the PIN is typed in',
  EnableLostMode: 'locks the device until Lost Mode is ended',
  ClearPasscode: 'takes the passcode off: whoever holds the device is in',
  ClearRestrictionsPassword: 'takes the passcode off that keeps restrictions and Screen Time as they are',
  ClearActivationLockBypassCode: 'throws away the code that gets past Activation Lock',
  SetFirmwarePassword: 'sets the password that a Mac with Intel asks for before it starts from elsewhere',
  SetRecoveryLock: 'sets the password that a Mac with Apple silicon asks for before recovery',
  SetAutoAdminPassword: 'replaces the password of the managed administrator',
  RotateFileVaultKey: 'replaces the key that opens the disk',
};

const NAMES = new Set(Object.keys(DESTRUCTIVE).map(letters));

/**
 * Whether a command of this type needs the permission `commands.destructive`, however it is spelt: a property list may
 * say `erasedevice`, and what a device makes of that is not known here.
 */
export function isDestructive(requestType: string): boolean {
  return NAMES.has(letters(requestType));
}

function letters(requestType: string): string {
  return requestType.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/** Throws FORBIDDEN, naming the scope, when this command is destructive and the caller may not send such. */
export function requireMaySend(by: Principal | undefined, body: PlistDict): void {
  const { RequestType: requestType } = body;
  if (typeof requestType === 'string' && isDestructive(requestType))
    requirePermission(by, 'commands.destructive');
}
