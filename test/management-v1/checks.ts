import { APPLICATIONS } from './checks/applications.js';
import type { Check } from './checks/check.js';
import { COMMON } from './checks/common.js';
import { DEP_DEVICES } from './checks/dep-devices.js';
import { DEVICES } from './checks/devices.js';
import { PROFILES } from './checks/profiles.js';
import { PUSH } from './checks/push.js';
import { SPELLINGS } from './checks/spellings.js';
import { WORKFLOWS } from './checks/workflows.js';

/** `/management/v1` as a list: each documented behaviour is one entry, and compatible is what passes them all. */
export const CHECKS: readonly Check[] = [
  ...COMMON,
  ...PROFILES,
  ...APPLICATIONS,
  ...WORKFLOWS,
  ...DEVICES,
  ...PUSH,
  ...SPELLINGS,
  ...DEP_DEVICES,
];
