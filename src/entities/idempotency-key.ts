import { Entity, Index } from 'typeorm';
import { InstantColumn, LongTextColumn, TextColumn, TextKey } from './columns.js';

/** A call that was carried out under a key of its caller's choice, and what it was answered. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** SHA-256 of the key, hexadecimal: of one length, and compared byte by byte in every database. */
  @TextKey('key_sha256', 64)
  keySha256: string;

  /** The API token that chose it: others may choose the same. */
  @TextKey('token_uuid', 36)
  tokenUuid: string;

  /** The mutation. */
  @TextColumn('operation', 64)
  operation: string;

  /** SHA-256 of the input without the key, hexadecimal. */
  @TextColumn('body_sha256', 64)
  bodySha256: string;

  /** JSON. */
  @LongTextColumn('answer')
  answer: string;

  @Index('IDX_idempotency_keys_created_at')
  @InstantColumn('created_at')
  createdAt: Date;
}
