import type { Device } from '../../entities/device.js';
import type { InventoryKind } from '../../entities/inventory.js';
import { PomonaError } from '../../errors.js';
import type { Principal } from '../../services/access.js';
import type { Services } from '../../services/services.js';
import { batches, first } from '../batches.js';
import { snakeKeys } from '../names.js';
import type { Answer, Call } from '../route.js';
import type { DeviceByUdid, RecordAddress } from '../schemas/address.js';
import type { Assignment } from '../schemas/device.js';
import { isUuid } from '../schemas/fields.js';
import type { Paging } from '../schemas/paging.js';
import { deviceShape } from '../shapes/device.js';
import { whyWithoutUdid } from '../without-udid.js';
import { pushShape } from '../shapes/push.js';

/** Devices read from the database, and written to the client, at a time. */
const PAGE = 100;
/** How long a client is kept waiting for APNs. */
const PUSH_TIMEOUT_MS = 15_000;

export async function listDevices(
  services: Services,
  { query, principal }: Call<unknown, Paging>,
): Promise<Answer> {
  return { status: 200, rows: deviceRows(services, query, principal) };
}

export async function showDevice(
  services: Services,
  { params, principal }: Call<RecordAddress>,
): Promise<Answer> {
  const device = await deviceAt(services, params.uuid);
  const seen = await services.contacts.lastSeen([device.uuid]);
  const told = await services.inventory.read<Record<string, unknown>>([device.uuid], 'DEVICE_INFORMATION');
  const keys = (await services.keys.disclose(principal, [device.uuid])).get(device.uuid);
  const [dep] = await services.dep.devices.getMany([device.uuid]);
  const lastQueryResponse = told.get(device.uuid)?.content;
  const facts = { lastSeen: seen.get(device.uuid), lastQueryResponse, dep, keys };
  return { status: 200, body: deviceShape(device, facts) };
}

export async function assignWorkflow(
  services: Services,
  { params, body }: Call<RecordAddress, unknown, Assignment>,
): Promise<Answer> {
  const { unknown } = await services.deployments.assign([params.uuid], body.workflow_uuid);
  if (unknown.length > 0) throw await noDevice(services, params.uuid);
  return { status: 204 };
}

export async function pushDevice(services: Services, { params }: Call<DeviceByUdid>): Promise<Answer> {
  const { udid } = params;
  const device = await services.devices.find({ udid });
  if (device === null) throw await noUdid(services, udid);
  return { status: 200, body: pushShape(await services.pushes.pushAndWait(device.uuid, PUSH_TIMEOUT_MS)) };
}

/** Handles the last answer of a device to one kind of question, as rows; none when it was never asked. */
export function listInventory(kind: InventoryKind) {
  return async (services: Services, { params }: Call<RecordAddress>): Promise<Answer> => {
    const { uuid } = await deviceAt(services, params.uuid);
    const answer = (await services.inventory.read<object[]>([uuid], kind)).get(uuid);
    return { status: 200, rows: inventoryRows(answer?.content ?? []) };
  };
}

async function* deviceRows(
  services: Services,
  { limit = Infinity, after }: Paging,
  principal: Principal,
): AsyncGenerator<object[]> {
  const devices = first(services.devices.all(Math.min(limit, PAGE), after), limit);
  for await (const batch of batches(devices, PAGE)) {
    const uuids = batch.map((device) => device.uuid);
    const seen = await services.contacts.lastSeen(uuids);
    const keys = await services.keys.disclose(principal, uuids);
    const records = await services.dep.devices.getMany(uuids);
    const dep = new Map(records.map((record) => [record.deviceUuid, record]));
    yield batch.map((device) => {
      const { uuid } = device;
      return deviceShape(device, { lastSeen: seen.get(uuid), dep: dep.get(uuid), keys: keys.get(uuid) });
    });
  }
}

async function* inventoryRows(list: readonly object[]): AsyncGenerator<object[]> {
  for await (const batch of batches(list, 500)) yield batch.map(snakeKeys);
}

async function deviceAt(services: Services, uuid: string): Promise<Device> {
  const device = await services.devices.find({ uuid });
  if (device === null) throw await noDevice(services, uuid);
  return device;
}

/** A UDID where the server's own id belongs: a Mac's UDID is a UUID, too. */
async function noDevice(services: Services, given: string): Promise<PomonaError> {
  const meant = await services.devices.find({ udid: given.toUpperCase() });
  if (meant === null) return new PomonaError('NOT_FOUND', `There is no device ${given}.`);
  const message = `There is no device with the uuid ${given}: that is a UDID. The uuid of this device is ${meant.uuid}.`;
  return new PomonaError('NOT_FOUND', message, { details: { uuid: meant.uuid } });
}

/** The other way about, on the one route that takes a UDID. */
async function noUdid(services: Services, given: string): Promise<PomonaError> {
  const meant = isUuid(given) ? await services.devices.find({ uuid: given.toLowerCase() }) : null;
  if (meant === null) {
    return new PomonaError('NOT_FOUND', `There is no device with the UDID “${given.slice(0, 100)}”.`);
  }
  if (meant.udid === null) {
    const message = `The device ${given} has no UDID (${whyWithoutUdid(meant)}), so this address cannot push it.`;
    return new PomonaError('NOT_FOUND', message);
  }
  const message = `Pushing takes the UDID of a device, and ${given} is its uuid. The UDID of this device is ${meant.udid}.`;
  return new PomonaError('NOT_FOUND', message, { details: { udid: meant.udid } });
}
