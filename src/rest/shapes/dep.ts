import type { DepDevice } from '../../entities/dep-device.js';
import type { DeviceShape } from '../schemas/device.js';
import { depProfileStatus } from '../schemas/device.js';

type DepShape = Pick<DeviceShape, 'dep_device' | 'description' | 'color' | 'asset_tag'> &
  Pick<DeviceShape, Extract<keyof DeviceShape, `dep_profile_${string}`>>;

/** What Apple's device assignment says of a device. One that was taken away there keeps what was last told of it. */
export function depShape(record: DepDevice | undefined): DepShape {
  if (record === undefined) return { dep_device: false };
  return {
    dep_device: record.removedAt === null,
    description: record.description ?? undefined,
    color: record.color ?? undefined,
    asset_tag: record.assetTag ?? undefined,
    dep_profile_status: depProfileStatus.safeParse(record.profileStatus).data,
    dep_profile_uuid: record.appleProfileUuid ?? undefined,
    dep_profile_assign_time: record.profileAssignedAt?.toISOString(),
    dep_profile_push_time: record.profilePushedAt?.toISOString(),
    dep_profile_assigned_date: record.assignedAt?.toISOString(),
    dep_profile_assigned_by: record.assignedBy ?? undefined,
  };
}
