import { placeholders, type Database } from '../../database/index.js';
import { ChannelKind } from '../../entities/enums.js';
import type { Logger } from '../../log.js';
import { mayReadSecrets, type Principal } from '../access.js';
import { sealedAt } from '../enrolment/device-secrets.js';
import type { Vault } from '../vault.js';

/** With these anyone can wake a device, or take its passcode off. Undefined is what the device has not given. */
export interface DeviceKeys {
  readonly pushMagic: string | undefined;
  /** Of the device's own channel; lower-case hexadecimal. */
  readonly pushToken: string | undefined;
  readonly unlockToken: Buffer | undefined;
}

interface KeyRow {
  readonly deviceUuid: string;
  readonly pushMagic: string | null;
  readonly pushToken: string | null;
  readonly secretUuid: string | null;
  readonly ciphertext: Uint8Array | null;
}

/** The keys of devices, for callers of the API who may see them. Whoever is shown an unlock token is in the log. */
export class DeviceKeyReading {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly log: Logger,
  ) {}

  /** The keys of these devices, by device: one statement, one line in the log. None for a caller who may not see them. */
  async disclose(
    by: Principal | undefined,
    deviceUuids: readonly string[],
  ): Promise<ReadonlyMap<string, DeviceKeys>> {
    if (by === undefined || !mayReadSecrets(by) || deviceUuids.length === 0) return new Map();
    const rows = await this.database.query<KeyRow>(
      `SELECT c.device_uuid AS deviceUuid, c.push_magic AS pushMagic, c.push_token AS pushToken,
              s.uuid AS secretUuid, s.ciphertext
         FROM channels c LEFT JOIN device_secrets s ON s.device_uuid = c.device_uuid AND s.kind = 'UNLOCK_TOKEN'
        WHERE c.kind = '${ChannelKind.DEVICE}' AND c.device_uuid IN ${placeholders(deviceUuids.length)}`,
      deviceUuids,
    );
    const keys = new Map(rows.map((row) => [row.deviceUuid, this.#keysOf(row)]));
    this.#note(by, keys);
    return keys;
  }

  #keysOf(row: KeyRow): DeviceKeys {
    const { pushMagic, pushToken } = row;
    return {
      pushMagic: pushMagic ?? undefined,
      pushToken: pushToken ?? undefined,
      unlockToken: this.#open(row),
    };
  }

  /** A secret that was sealed with another key must not keep a whole list of devices from being read. */
  #open({ deviceUuid, secretUuid, ciphertext }: KeyRow): Buffer | undefined {
    if (secretUuid === null || ciphertext === null) return undefined;
    try {
      return this.vault.open(Buffer.from(ciphertext), sealedAt(secretUuid));
    } catch (error) {
      this.log.error(
        { err: error, deviceUuid },
        'The unlock token of a device cannot be opened: is POMONA_SECRET_KEY the one it was sealed with?',
      );
      return undefined;
    }
  }

  #note({ name, tokenUuid }: Principal, keys: ReadonlyMap<string, DeviceKeys>): void {
    const shown = [...keys].filter(([, { unlockToken }]) => unlockToken !== undefined);
    if (shown.length === 0) return;
    const deviceUuids = shown.map(([deviceUuid]) => deviceUuid);
    this.log.info(
      { audit: 'UNLOCK_TOKEN_READ', token: name, tokenUuid, deviceUuids },
      'Unlock tokens were read',
    );
  }
}
