import { mayReadSecrets, type Principal } from '../access.js';

/**
 * The commands whose answers carry a key, or what may be one. The recovery keys of FileVault come encrypted to the
 * organisation's certificate, and are as good as open to whoever has that. Configurations of applications carry passwords.
 */
export const SECRET_ANSWERS: ReadonlySet<string> = new Set([
  'ActivationLockBypassCode',
  'ManagedApplicationConfiguration',
  'ManagedApplicationFeedback',
  'RequestUnlockToken',
  'RotateFileVaultKey',
  'SecurityInfo',
]);

/** The one member of SecurityInfo that is a key: FileVault's personal recovery key. */
const RECOVERY_KEY = 'FDE_PersonalRecoveryKeyCMS';

/** Whether a caller may see the whole answer to a command of this type. */
export function mayReadAnswer(principal: Principal | undefined, requestType: string): boolean {
  return !SECRET_ANSWERS.has(requestType) || mayReadSecrets(principal);
}

/** What a device told of its security, without the recovery key for those who may not see it. */
export function securityInfoFor(principal: Principal | undefined, values: object): object {
  if (mayReadSecrets(principal)) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== RECOVERY_KEY));
}
