import { createHash } from 'node:crypto';
import type { Database } from '../../database/index.js';
import type { CertificateSource, HeldCertificate } from '../certificates.js';

interface Row {
  readonly uuid: string;
  readonly name: string;
  readonly expiresAt: number | string;
  readonly uploadedAt: number | string | null;
}

/**
 * When the server tokens of the accounts end. Held in memory, because whoever asks for certificates is answered at once: read at
 * the start, by the clock, and when this process was given a token.
 */
export class DepTokenEnds {
  #held: readonly HeldCertificate[] = [];

  constructor(private readonly database: Pick<Database, 'query'>) {}

  readonly source: CertificateSource = () => this.#held;

  /** One statement. */
  async refresh(): Promise<void> {
    const rows = await this.database.query<Row>(
      `SELECT uuid, name, token_expires_at AS expiresAt, token_uploaded_at AS uploadedAt FROM dep_accounts
        WHERE sealed_token IS NOT NULL AND token_expires_at IS NOT NULL ORDER BY uuid`,
    );
    this.#held = rows.map(heldOf);
  }
}

/** A token is told from the one that takes its place by when it was uploaded and when it ends. */
function heldOf({ uuid, name, expiresAt, uploadedAt }: Row): HeldCertificate {
  const about = `${uuid} ${uploadedAt ?? ''} ${expiresAt}`;
  return {
    purpose: 'DEP_TOKEN',
    subject: `The server token of the DEP account "${name}"`,
    topic: null,
    notAfter: new Date(Number(expiresAt)),
    sha256: createHash('sha256').update(about, 'utf8').digest('hex'),
  };
}
