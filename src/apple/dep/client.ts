import type { z } from 'zod';
import { Account, type DepAccountDetail } from './account.js';
import { DeviceDetails, DevicePage, type DepDevicePage, type DepDeviceRecord } from './devices.js';
import { Assignment, Defined, Locked, Outcomes, readProfile, writeProfile } from './profile.js';
import type { DepAssignment, DepOutcome, DepProfile, DepProfileFields } from './profile.js';
import { DepSession, unreadable, type DepOptions, type DepRequest } from './session.js';

/** Devices of one request, unless the account says otherwise (Apple: "Assign a Profile", at most 1,000). */
export const MOST_DEVICES = 1_000;

/** Apple's device assignment service (Automated Device Enrollment), one method an end point. All throw DepError. */
export class DepClient {
  readonly #session: DepSession;

  constructor(options: DepOptions) {
    this.#session = new DepSession(options);
  }

  account(): Promise<DepAccountDetail> {
    return this.#ask({ method: 'GET', path: '/account' }, Account);
  }

  /** All devices, from the beginning or from where the last page ended. */
  fetchDevices(cursor: string | undefined, limit = MOST_DEVICES): Promise<DepDevicePage> {
    const body = { limit, ...(cursor === undefined ? {} : { cursor }) };
    return this.#ask({ method: 'POST', path: '/server/devices', body }, DevicePage);
  }

  /** What changed since a cursor that is at most seven days old. */
  syncDevices(cursor: string, limit = MOST_DEVICES): Promise<DepDevicePage> {
    return this.#ask({ method: 'POST', path: '/devices/sync', body: { cursor, limit } }, DevicePage);
  }

  deviceDetails(serialNumbers: readonly string[]): Promise<Readonly<Record<string, DepDeviceRecord>>> {
    return this.#ask({ method: 'POST', path: '/devices', body: { devices: serialNumbers } }, DeviceDetails);
  }

  /** Makes an enrolment profile at Apple and returns its id. A profile cannot be changed: a change is a new one. */
  async defineProfile(profile: DepProfileFields): Promise<string> {
    const body = { ...writeProfile(profile), devices: [] };
    const { profile_uuid } = await this.#ask({ method: 'POST', path: '/profile', body }, Defined);
    return profile_uuid;
  }

  async profile(uuid: string): Promise<DepProfile> {
    const path = `/profile?profile_uuid=${encodeURIComponent(uuid)}`;
    return this.#ask({ method: 'GET', path }, readProfile);
  }

  /** At most MOST_DEVICES. */
  assignProfile(uuid: string, serialNumbers: readonly string[]): Promise<DepAssignment> {
    const body = { profile_uuid: uuid, devices: serialNumbers };
    return this.#ask({ method: 'PUT', path: '/profile/devices', body }, Assignment);
  }

  /** At most MOST_DEVICES. */
  unassignProfile(serialNumbers: readonly string[]): Promise<Readonly<Record<string, DepOutcome>>> {
    const body = { devices: serialNumbers };
    return this.#ask({ method: 'DELETE', path: '/profile/devices', body }, Outcomes);
  }

  /** Takes devices out of the organisation. Cannot be undone here. */
  disown(serialNumbers: readonly string[]): Promise<Readonly<Record<string, DepOutcome>>> {
    return this.#ask({ method: 'POST', path: '/devices/disown', body: { devices: serialNumbers } }, Outcomes);
  }

  /**
   * Locks a device's activation (Apple: "Activation Lock a Device").
   * @param escrowKey hash of a bypass code; without it the lock is the Apple Account's that made the server
   * @returns Apple's `response_status`, `SUCCESS` when done
   */
  async lockActivation(serialNumber: string, lostMessage?: string, escrowKey?: string): Promise<string> {
    const body = { device: serialNumber, lost_message: lostMessage, escrow_key: escrowKey };
    const answer = await this.#ask({ method: 'POST', path: '/device/activationlock', body }, Locked);
    return answer.response_status;
  }

  async #ask<T>(request: DepRequest, shape: z.ZodType<T>): Promise<T> {
    const read = shape.safeParse(await this.#session.request(request));
    if (!read.success) throw unreadable(request.path);
    return read.data;
  }
}
