import type { DepDevice } from '../../entities/dep-device.js';
import type { Device } from '../../entities/device.js';
import { EnrollmentStatus } from '../../entities/enums.js';
import type { DeviceKeys } from '../../services/devices/device-keys.js';
import type { DeviceShape } from '../schemas/device.js';
import { depShape } from './dep.js';

/** What is known of a device beside its record. */
export interface DeviceFacts {
  readonly lastSeen?: Date | undefined;
  /** QueryResponses of the last DeviceInformation. */
  readonly lastQueryResponse?: Record<string, unknown> | undefined;
  /** What Apple's device assignment says of it. */
  readonly dep?: DepDevice | undefined;
  /** For callers who may see them. */
  readonly keys?: DeviceKeys | undefined;
}

/**
 * A device as clients of `/management/v1` know it: absent rather than null, but for `udid` and `serial_number`. The secrets
 * (`push_magic`; `token` and `unlock_token`, both hexadecimal as they always were) are there for those who may see them.
 */
export function deviceShape(
  device: Device,
  { lastSeen, lastQueryResponse, dep, keys }: DeviceFacts = {},
): DeviceShape {
  return {
    uuid: device.uuid,
    udid: device.udid,
    serial_number: device.serialNumber,
    os_version: device.osVersion ?? undefined,
    build_version: device.buildVersion ?? undefined,
    product_name: device.productName ?? undefined,
    imei: device.imei ?? undefined,
    meid: device.meid ?? undefined,
    mdm_topic: device.topic ?? undefined,
    push_magic: keys?.pushMagic,
    awaiting_configuration: device.awaitingConfiguration,
    token: keys?.pushToken,
    unlock_token: keys?.unlockToken?.toString('hex'),
    enrolled: device.enrollmentStatus === EnrollmentStatus.ENROLLED,
    workflow_uuid: device.workflowUuid ?? undefined,
    ...depShape(dep),
    model: device.model ?? dep?.model ?? undefined,
    last_checkin: lastSeen?.toISOString(),
    device_name: device.name ?? undefined,
    last_query_response: lastQueryResponse,
  };
}
