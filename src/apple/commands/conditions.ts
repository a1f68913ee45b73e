import type { PlistDict } from '../plist/index.js';
import { badParameter } from './errors.js';

/** Apple asks for a PIN of exactly so many characters (DeviceLock, EraseDevice). */
const PIN_CHARACTERS = 6;

const CONDITIONS: ReadonlyMap<string, readonly ((command: PlistDict) => void)[]> = new Map([
  ['DeviceLock', [requirePin]],
  ['EnableLostMode', [requireOne('Message', 'PhoneNumber')]],
  ['EraseDevice', [requirePin]],
  ['InstallApplication', [requireOne('iTunesStoreID', 'Identifier', 'ManifestURL'), requireHttpsManifest]],
  ['InstallEnterpriseApplication', [requireOne('Manifest', 'ManifestURL'), requireHttpsManifest]],
]);

/** Checks what Apple's pages ask for in words and the catalogue cannot say. Throws `CommandError` `bad-parameter`. */
export function checkConditions(requestType: string, command: PlistDict): void {
  for (const check of CONDITIONS.get(requestType) ?? []) check(command);
}

function requireOne(...keys: readonly [string, ...string[]]): (command: PlistDict) => void {
  return (command) => {
    if (keys.every((key) => command[key] === undefined)) {
      throw badParameter([keys[0]], `one of ${keys.join(', ')} is required and none was given`);
    }
  };
}

function requireHttpsManifest(command: PlistDict): void {
  const url = command['ManifestURL'];
  if (typeof url === 'string' && URL.parse(url)?.protocol !== 'https:') {
    throw badParameter(['ManifestURL'], 'must be an https: address; devices fetch manifests from no other');
  }
}

function requirePin(command: PlistDict): void {
  const pin = command['PIN'];
  if (typeof pin === 'string' && [...pin].length !== PIN_CHARACTERS) {
    throw badParameter(['PIN'], `must have exactly ${PIN_CHARACTERS} characters`);
  }
}
