/** Whether the server can do its work, and what to do where it cannot. */
export type { CheckStatus, Finding } from './check.js';
export type { ReachPushService } from './checks/push-service.js';
export { INSTALLATION_HEADER } from './checks/public-url.js';
export { Doctor, type CheckResult, type Diagnosis } from './doctor.js';
export { standardChecks, type CheckedHouse } from './standard-checks.js';
