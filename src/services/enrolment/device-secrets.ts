import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { chunks, placeholders, type Database, type Sql, type Transaction } from '../../database/index.js';
import { DeviceSecret } from '../../entities/identity.js';
import type { SecretPlace, Vault } from '../vault.js';

type Kind = DeviceSecret['kind'];

/** What devices trust us with, sealed: unlock tokens and bootstrap tokens. One of a kind for a device. */
export class DeviceSecrets {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly now: Clock,
  ) {}

  /** Keeps a secret in place of the former one. */
  async put(tx: Transaction, deviceUuid: string, kind: Kind, secret: Buffer): Promise<void> {
    await tx.manager.delete(DeviceSecret, { deviceUuid, kind });
    const uuid = uuidv7();
    const ciphertext = this.vault.seal(secret, sealedAt(uuid));
    await tx.manager.insert(DeviceSecret, {
      uuid,
      deviceUuid,
      kind,
      ciphertext,
      updatedAt: new Date(this.now()),
    });
  }

  async remove(tx: Transaction, deviceUuid: string, kind: Kind): Promise<void> {
    await tx.manager.delete(DeviceSecret, { deviceUuid, kind });
  }

  /** Which of these devices have given a secret of this kind. One statement for 500 devices. */
  async holders(sql: Sql, deviceUuids: readonly string[], kind: Kind): Promise<Set<string>> {
    const holders = new Set<string>();
    for (const chunk of chunks(deviceUuids, 500)) {
      const rows = await sql.query<{ deviceUuid: string }>(
        `SELECT device_uuid AS deviceUuid FROM device_secrets WHERE kind = ? AND device_uuid IN ${placeholders(chunk.length)}`,
        [kind, ...chunk],
      );
      for (const row of rows) holders.add(row.deviceUuid);
    }
    return holders;
  }

  /** The secret in clear, for the device it came from. */
  async get(deviceUuid: string, kind: Kind): Promise<Buffer | undefined> {
    const row = await this.database.manager.findOneBy(DeviceSecret, { deviceUuid, kind });
    return row === null ? undefined : this.vault.open(row.ciphertext, sealedAt(row.uuid));
  }
}

/** Where the secret of a row is sealed to. */
export function sealedAt(row: string): SecretPlace {
  return { table: 'device_secrets', column: 'ciphertext', row };
}
