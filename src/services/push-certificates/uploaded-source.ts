import { loadPushCertificate } from '../../apple/apns/index.js';
import type { Database } from '../../database/index.js';
import type { Vault } from '../vault.js';
import type { PushCertificateInUse, PushCertificateSource } from './in-use.js';
import { openKey } from './sealed-key.js';

interface Row {
  readonly uuid: string;
  readonly certificate: string;
  readonly sealedKey: Uint8Array;
  readonly notBefore: number | string;
}

/** What was uploaded last, in this process or another. One small statement a look. */
export class UploadedPushCertificate implements PushCertificateSource {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async look(held: PushCertificateInUse | undefined): Promise<PushCertificateInUse | undefined> {
    const [active] = await this.database.query<{ uuid: string }>(
      'SELECT uuid FROM push_certificates WHERE active_slot = 1',
    );
    if (active?.uuid === held?.uuid) return held;
    const [row] = await this.database.query<Row>(
      `SELECT uuid, certificate, sealed_key AS sealedKey, not_before AS notBefore
         FROM push_certificates WHERE active_slot = 1`,
    );
    return row === undefined ? undefined : opened(row, this.vault);
  }
}

/** One that has run out since is used all the same: APNs refuses it in words, and everybody sees whose it is. */
function opened({ uuid, certificate, sealedKey, notBefore }: Row, vault: Vault): PushCertificateInUse {
  const key = openKey(vault, sealedKey, uuid).export({ type: 'pkcs8', format: 'der' });
  const stored = { certificate: Buffer.from(certificate, 'utf8'), key };
  return { source: 'UPLOADED', certificate: loadPushCertificate(stored, new Date(Number(notBefore))), uuid };
}
