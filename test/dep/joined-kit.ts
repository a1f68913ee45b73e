import { expect } from 'vitest';
import type { DepAccount } from '../../src/entities/dep-account.js';
import { DepDevice } from '../../src/entities/dep-device.js';
import { Device } from '../../src/entities/device.js';
import type { DepProfile } from '../../src/entities/dep-profile.js';
import type { EnrollmentProfile } from '../../src/entities/enrollment-profile.js';
import type { NewEnrollmentProfile } from '../../src/services/enrolment-profiles/enrolment-profiles.js';
import { DepServer, FakeDep } from '../../simulator/dep/index.js';
import {
  deviceAutomatically,
  type SimulatedDevice,
  type UnenrolledOptions,
} from '../../simulator/device/index.js';
import { appleDevice, keep } from '../enrollment/apple.js';
import type { Mdm } from '../mdm/kit.js';
import { profile as configuration } from '../simulator/kit.js';

/** A server beside Apple's: its devices, what they shall have, and the devices themselves. */
export class Joined {
  readonly server: DepServer;
  #account: DepAccount | undefined;
  #made = 0;

  constructor(
    readonly mdm: Mdm,
    readonly fake: FakeDep,
  ) {
    this.server = fake.addServer(`Pomona ${Math.random()}`);
  }

  /** The account, made when it is first asked for. */
  async account(): Promise<DepAccount> {
    if (this.#account !== undefined) return this.#account;
    const { accounts } = this.mdm.services.dep;
    const made = await accounts.create('Example');
    this.#account = await accounts.uploadToken(made.uuid, this.fake.token(this.server, made.certificate));
    return this.#account;
  }

  /** Apple announces devices, and the server reads of them. */
  async announce(...serials: string[]): Promise<void> {
    for (const serial of serials) this.server.devices.add(serial);
    await this.sync();
  }

  async sync(): Promise<void> {
    await this.mdm.services.dep.sync.syncNow((await this.account()).uuid);
    await this.settle();
  }

  async settle(): Promise<void> {
    this.mdm.services.dep.worker.wake();
    await this.mdm.services.dep.worker.idle();
  }

  /** A workflow in which another one is nested, each with a profile. */
  async nestedWorkflow(): Promise<string> {
    const one = async (includedUuids: string[]): Promise<string> => {
      const name = `org.example.w${++this.#made}`;
      const { uuid } = await this.mdm.services.profiles.create({ content: configuration(name) });
      const made = { name, profileUuids: [uuid], includedUuids };
      return (await this.mdm.services.workflows.create(made)).uuid;
    };
    return one([await one([])]);
  }

  /** What devices of these serial numbers do in Setup Assistant, by a rule. */
  async rule(
    serialNumber: string,
    workflowUuid: string | null = null,
    fields: Partial<NewEnrollmentProfile> = {},
  ): Promise<{ enrollment: EnrollmentProfile; profile: DepProfile }> {
    const name = `${serialNumber} ${++this.#made}`;
    const { profile: enrollment } = await this.mdm.services.enrollmentProfiles.create({ name, ...fields });
    const { profiles, rules } = this.mdm.services.dep;
    const enrollmentProfileUuid = enrollment.uuid;
    const profile = await profiles.create({
      name,
      enrollmentProfileUuid,
      fields: { awaitDeviceConfigured: true },
    });
    const about = { name, accountUuid: null, patterns: { serialNumber }, profileUuid: profile.uuid };
    await rules.create({ ...about, workflowUuid });
    await this.settle();
    return { enrollment, profile };
  }

  /** A device in Setup Assistant that was given its profile and did not check in yet. */
  async automatically(serialNumber: string, o: UnenrolledOptions = {}): Promise<SimulatedDevice> {
    const url = `${this.mdm.app.url}/mdm/enroll/dep`;
    return keep(await deviceAutomatically(url, appleDevice, { serialNumber, ...o }));
  }

  /** The rows of a serial number, oldest first. */
  rows(serialNumber: string): Promise<Device[]> {
    return this.mdm.app.database.manager.find(Device, { where: { serialNumber }, order: { uuid: 'ASC' } });
  }

  async only(serialNumber: string): Promise<Device> {
    const rows = await this.rows(serialNumber);
    expect(rows).toHaveLength(1);
    return rows[0]!;
  }

  /** Apple's record of a serial number. */
  async record(serialNumber: string): Promise<DepDevice> {
    return this.mdm.app.database.manager.findOneByOrFail(DepDevice, { serialNumber });
  }
}
