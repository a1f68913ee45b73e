import { Entity, PrimaryColumn } from 'typeorm';
import { BlobColumn, InstantColumn, IntColumn, UuidKey } from './columns.js';

export type InventoryKind =
  'DEVICE_INFORMATION' | 'SECURITY_INFO' | 'PROFILE_LIST' | 'INSTALLED_APPLICATION_LIST' | 'CERTIFICATE_LIST';

/** The last answer of a device to one kind of question: JSON, deflated. One row a device and kind, replaced as a whole. */
@Entity('device_inventory')
export class DeviceInventory {
  @UuidKey('device_uuid')
  deviceUuid: string;

  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 32 })
  kind: InventoryKind;

  @InstantColumn('as_of')
  asOf: Date;

  @IntColumn('item_count')
  itemCount: number;

  @BlobColumn('content')
  content: Buffer;
}
