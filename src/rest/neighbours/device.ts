import type { Device } from '../../entities/device.js';
import { PomonaError } from '../../errors.js';
import type { Services } from '../../services/services.js';
import { isUuid } from '../schemas/fields.js';
import { whyWithoutUdid } from '../without-udid.js';

/**
 * The device with this UDID. Throws NOT_FOUND; when the server's own uuid was given in its place, it says so and names the
 * UDID (`details.udid`).
 */
export async function deviceByUdid(services: Services, udid: string): Promise<Device> {
  const device = await services.devices.find({ udid });
  if (device !== null) return device;
  const meant = isUuid(udid) ? await services.devices.find({ uuid: udid.toLowerCase() }) : null;
  if (meant === null)
    throw new PomonaError('NOT_FOUND', `There is no device with the UDID “${udid.slice(0, 100)}”.`);
  if (meant.udid === null) {
    const why = `${whyWithoutUdid(meant)}, and this address takes a UDID`;
    throw new PomonaError('NOT_FOUND', `The device ${udid} has no UDID: ${why}.`);
  }
  const message = `A UDID is wanted, and ${udid} is the uuid of a device. The UDID of this device is ${meant.udid}.`;
  throw new PomonaError('NOT_FOUND', message, { details: { udid: meant.udid } });
}
