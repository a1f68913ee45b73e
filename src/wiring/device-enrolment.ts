import type { X509Certificate } from 'node:crypto';
import { AutomatedEnrollment } from '../services/enrolment-profiles/automated.js';
import { SetupVisits } from '../services/enrolment-profiles/automated-visits.js';
import { OverTheAirEnrollment, type OverTheAirHouse } from '../services/enrolment-profiles/ota.js';

/** The ways to enrol in which the device says who it is before it is given anything. */
export interface DeviceEnrollment {
  readonly appleAuthorities: readonly X509Certificate[];
  readonly automated: AutomatedEnrollment;
  readonly visits: SetupVisits;
  readonly overTheAir: OverTheAirEnrollment;
}

/** Wires them: all ask the same profiles, and are told by the same alerts. */
export function openDeviceEnrollment(house: OverTheAirHouse): DeviceEnrollment {
  return {
    appleAuthorities: house.appleAuthorities,
    automated: new AutomatedEnrollment(house),
    visits: new SetupVisits(house, house.now),
    overTheAir: new OverTheAirEnrollment(house),
  };
}
