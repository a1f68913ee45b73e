import type { Device } from '../../entities/device.js';
import { EnrollmentStatus } from '../../entities/enums.js';

/** What is known of a device beside its record. */
export interface DeviceFacts {
  readonly lastSeen?: Date | undefined;
  /** QueryResponses of the last DeviceInformation. */
  readonly lastQueryResponse?: unknown;
}

/**
 * A device as clients of `/management/v1` know it: absent rather than null, but for `udid` and `serial_number`. The secrets
 * that 2016 sent in clear (push_magic, token, unlock_token) are left out.
 */
export function deviceShape(device: Device, facts: DeviceFacts = {}): object {
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
    awaiting_configuration: device.awaitingConfiguration,
    enrolled: device.enrollmentStatus === EnrollmentStatus.ENROLLED,
    workflow_uuid: device.workflowUuid ?? undefined,
    dep_device: false,
    model: device.model ?? undefined,
    last_checkin: facts.lastSeen?.toISOString(),
    device_name: device.name ?? undefined,
    last_query_response: facts.lastQueryResponse,
  };
}
