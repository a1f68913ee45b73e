import type { EventFeed, EventPump } from '../events/index.js';
import type { ApiTokens } from './api-tokens.js';
import type { CertificateAuthority, IdentityCertificates } from './authority/index.js';
import type { Applications } from './catalog/applications.js';
import type { Catalog } from './catalog/catalog.js';
import type { Profiles } from './catalog/profiles.js';
import type { Workflows } from './catalog/workflows.js';
import type { CommandHistory } from './commands/history.js';
import type { CommandSending } from './commands/sending.js';
import type { Dep } from './dep/index.js';
import type { Deployments } from './deployments/deployments.js';
import type { Contacts } from './devices/contacts.js';
import type { DeviceKeyReading } from './devices/device-keys.js';
import type { Devices } from './devices/devices.js';
import type { Inventory } from './devices/inventory.js';
import type { Doctor } from './doctor/index.js';
import type { EnrollmentProfiles } from './enrolment-profiles/enrolment-profiles.js';
import type { Pushes } from './push/index.js';
import type { PushCertificates } from './push-certificates/index.js';
import type { Renewals } from './renewal/renewals.js';
import type { ServerStatus } from './server-status.js';

/** What the doors for people and programs may ask for: the same for GraphQL and for REST. */
export interface Services {
  readonly tokens: ApiTokens;
  readonly authority: CertificateAuthority;
  readonly identityCertificates: IdentityCertificates;
  readonly renewals: Renewals;
  readonly enrollmentProfiles: EnrollmentProfiles;
  readonly catalog: Catalog;
  readonly profiles: Profiles;
  readonly applications: Applications;
  readonly workflows: Workflows;
  readonly devices: Devices;
  readonly contacts: Contacts;
  readonly inventory: Inventory;
  readonly keys: DeviceKeyReading;
  readonly deployments: Deployments;
  readonly dep: Dep;
  readonly commands: CommandSending;
  readonly history: CommandHistory;
  readonly pushes: Pushes;
  readonly pushCertificates: PushCertificates;
  readonly feed: EventFeed;
  readonly pump: EventPump;
  readonly server: ServerStatus;
  readonly doctor: Doctor;
}
