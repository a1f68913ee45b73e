import { randomBytes, randomUUID } from 'node:crypto';
import { assignedProfile, type AssignedProfile } from './assigned-profile.js';
import { Inventory, seconds, type ListedPage } from './inventory.js';

export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** X-Server-Protocol-Version that has THROTTLED, and the one that says for how long (Apple: Assign a Profile). */
const THROTTLES = 9;
const SAYS_HOW_LONG = 10;

/** What becomes of one device in an assignment, instead of SUCCESS. */
export type ScriptedOutcome = 'NOT_ACCESSIBLE' | 'FAILED' | 'THROTTLED';

/** One MDM server in an organisation's portal: its devices, its profiles, and what it answers. */
export class DepServer {
  readonly serverUuid = randomUUID().replaceAll('-', '').toUpperCase();
  readonly consumerKey = `CK_${randomBytes(24).toString('hex')}`;
  readonly devices: Inventory;
  /** By their id, as they were defined. */
  readonly profiles = new Map<string, Fields>();
  orgName = 'Example Organisation';
  orgId = randomBytes(8).toString('hex').toUpperCase();
  /** Somebody has to agree to new terms. */
  termsUnsigned = false;
  /** The server was deleted in the portal. */
  deleted = false;
  /** Most devices of one assignment. */
  mostDevices = 1_000;
  /** Most devices of a page. */
  pageSize = 1_000;
  retryAfterSeconds = 1;
  readonly #outcomes = new Map<string, { outcome: ScriptedOutcome; left: number }>();
  readonly #locked = new Set<string>();

  constructor(
    readonly name: string,
    private readonly now: () => number,
  ) {
    this.devices = new Inventory(now);
  }

  /** What the next assignments of a device come to. */
  outcome(serial: string, outcome: ScriptedOutcome, times = 1): void {
    this.#outcomes.set(serial, { outcome, left: times });
  }

  get locked(): ReadonlySet<string> {
    return this.#locked;
  }

  /**
   * What Apple tells a device that is taken from its box, or was erased: the profile that is assigned to it, which counts as
   * pushed from then on. Undefined when none is: the device sets itself up as anybody's.
   */
  profileOf(serial: string): AssignedProfile | undefined {
    const uuid = this.devices.get(serial)?.profile_uuid;
    const fields = uuid === undefined || this.deleted ? undefined : this.profiles.get(uuid);
    if (fields === undefined) return undefined;
    this.devices.modify(serial, { profile_status: 'pushed', profile_push_time: seconds(this.now()) });
    return assignedProfile(fields);
  }

  /** @param version X-Server-Protocol-Version of the request */
  answer(method: string, url: URL, body: unknown, version: number): JsonAnswer {
    if (this.deleted) return refusal(403, 'ACCESS_DENIED');
    if (this.termsUnsigned) return refusal(403, 'T_C_NOT_SIGNED');
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Fields;
    switch (`${method} ${url.pathname}`) {
      case 'GET /account':
        return ok(this.#account());
      case 'POST /server/devices':
        return listed(this.devices.fetch(textIn(fields, 'cursor'), this.#limit(fields)));
      case 'POST /devices/sync':
        return listed(this.devices.sync(textIn(fields, 'cursor'), this.#limit(fields)));
      case 'POST /devices':
        return this.#details(serialsIn(fields));
      case 'POST /profile':
        return this.#define(fields);
      case 'GET /profile':
        return this.#profile(url.searchParams.get('profile_uuid') ?? '');
      case 'PUT /profile/devices':
      case 'POST /profile/devices':
        return this.#assign(textIn(fields, 'profile_uuid') ?? '', serialsIn(fields), version);
      case 'DELETE /profile/devices':
        return this.#unassign(serialsIn(fields));
      case 'POST /devices/disown':
        return this.#disown(serialsIn(fields));
      case 'POST /device/activationlock':
        return this.#lock(textIn(fields, 'device') ?? '');
      default:
        return refusal(404, 'NOT_FOUND');
    }
  }

  #account(): Fields {
    const limit = { default: 100, maximum: this.mostDevices };
    return {
      server_name: this.name,
      server_uuid: this.serverUuid,
      admin_id: 'admin@example.org',
      facilitator_id: 'admin@example.org',
      org_name: this.orgName,
      org_email: 'it@example.org',
      org_phone: '+1 555 0100',
      org_address: '1 Example Street',
      org_id: this.orgId,
      org_id_hash: randomBytes(32).toString('hex'),
      org_type: 'org',
      org_version: 'v2',
      urls: [
        { uri: '/server/devices', http_method: ['POST'], limit },
        { uri: '/devices/sync', http_method: ['POST'], limit },
        { uri: '/profile/devices', http_method: ['POST', 'PUT', 'DELETE'], limit },
      ],
    };
  }

  #limit(fields: Fields): number {
    const asked = typeof fields['limit'] === 'number' ? fields['limit'] : 100;
    return Math.max(1, Math.min(asked, this.pageSize));
  }

  #details(serials: readonly string[]): JsonAnswer {
    const entries = serials.map((serial) => {
      const device = this.devices.get(serial);
      return [
        serial,
        device === undefined
          ? { serial_number: serial, response_status: 'NOT_FOUND' }
          : { ...device, response_status: 'SUCCESS' },
      ];
    });
    return ok({ devices: Object.fromEntries(entries) });
  }

  #define(fields: Fields): JsonAnswer {
    const url = textIn(fields, 'url') ?? '';
    if ((textIn(fields, 'profile_name') ?? '') === '') return refusal(400, 'PROFILE_NAME_REQUIRED');
    if (!/^https?:/.test(url)) return refusal(400, 'CONFIG_URL_REQUIRED');
    if (fields['is_mdm_removable'] === false && fields['is_supervised'] === false)
      return refusal(400, 'FLAGS_INVALID');
    const uuid = randomUUID().replaceAll('-', '').toUpperCase();
    const { devices: _, ...profile } = fields;
    this.profiles.set(uuid, profile);
    const devices = serialsIn(fields).map((serial) => [serial, this.#assignOne(uuid, serial)]);
    return ok({ profile_uuid: uuid, devices: Object.fromEntries(devices) });
  }

  #profile(uuid: string): JsonAnswer {
    const fields = this.profiles.get(uuid);
    return fields === undefined ? refusal(404, 'NOT_FOUND') : ok({ ...fields, profile_uuid: uuid });
  }

  #assign(uuid: string, serials: readonly string[], version: number): JsonAnswer {
    if (serials.length === 0) return refusal(400, 'DEVICE_ID_REQUIRED');
    if (serials.length > this.mostDevices) return refusal(400, 'TOO_MANY_DEVICES');
    if (uuid === '') return refusal(400, 'PROFILE_UUID_REQUIRED');
    if (!this.profiles.has(uuid)) return refusal(404, 'NOT_FOUND');
    const devices: Record<string, string> = {};
    for (const serial of serials) {
      const outcome = this.#assignOne(uuid, serial);
      devices[serial] = outcome === 'THROTTLED' && version < THROTTLES ? 'FAILED' : outcome;
    }
    const throttled = version >= SAYS_HOW_LONG && Object.values(devices).includes('THROTTLED');
    return ok({
      profile_uuid: uuid,
      devices,
      ...(throttled ? { retry_after_seconds: this.retryAfterSeconds } : {}),
    });
  }

  #assignOne(uuid: string, serial: string): string {
    const scripted = this.#outcomes.get(serial);
    if (scripted !== undefined && scripted.left > 0) {
      scripted.left -= 1;
      return scripted.outcome;
    }
    if (this.devices.get(serial) === undefined) return 'NOT_ACCESSIBLE';
    this.devices.modify(serial, {
      profile_uuid: uuid,
      profile_status: 'assigned',
      profile_assign_time: seconds(this.now()),
      profile_push_time: undefined,
    });
    return 'SUCCESS';
  }

  #unassign(serials: readonly string[]): JsonAnswer {
    const devices = serials.map((serial) => {
      if (this.devices.get(serial) === undefined) return [serial, 'NOT_ACCESSIBLE'];
      this.devices.modify(serial, { ...NO_PROFILE, profile_status: 'removed' });
      return [serial, 'SUCCESS'];
    });
    return ok({ devices: Object.fromEntries(devices) });
  }

  #disown(serials: readonly string[]): JsonAnswer {
    const devices = serials.map((serial) => {
      if (this.devices.get(serial) === undefined) return [serial, 'NOT_ACCESSIBLE'];
      this.devices.remove(serial);
      return [serial, 'SUCCESS'];
    });
    return ok({ devices: Object.fromEntries(devices) });
  }

  #lock(serial: string): JsonAnswer {
    if (this.devices.get(serial) === undefined)
      return ok({ serial_number: serial, response_status: 'NOT_ACCESSIBLE' });
    const before = this.#locked.has(serial);
    this.#locked.add(serial);
    return ok({ serial_number: serial, response_status: before ? 'ALREADY_LOCKED' : 'SUCCESS' });
  }
}

const NO_PROFILE = { profile_uuid: undefined, profile_assign_time: undefined, profile_push_time: undefined };

const ok = (json: unknown): JsonAnswer => ({ status: 200, json });
const refusal = (status: number, word: string): JsonAnswer => ({ status, json: word });

function listed(page: ListedPage | string): JsonAnswer {
  return typeof page === 'string' ? refusal(400, page) : ok(page);
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

function serialsIn(fields: Fields): string[] {
  const value = fields['devices'];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
