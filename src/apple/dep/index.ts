/** Apple's device assignment service: server tokens, sessions, devices, profiles (Automated Device Enrollment). */
export type { DepAccountDetail } from './account.js';
export { DepClient, MOST_DEVICES } from './client.js';
export type { DepDevicePage, DepDeviceRecord } from './devices.js';
export { DepError, type DepFailure } from './errors.js';
export { sign } from './oauth.js';
export type { DepAssignment, DepOutcome, DepProfile, DepProfileFields } from './profile.js';
export { readServerToken, ServerTokenError, type ServerToken } from './server-token.js';
export type { DepOptions } from './session.js';
export { SETUP_PANES } from './setup-panes.js';
