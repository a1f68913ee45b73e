/** Configuration profiles (`.mobileconfig`). */
export { MobileconfigError, type MobileconfigErrorCode } from './errors.js';
export { MAX_PROFILE_BYTES } from './open.js';
export { readConfigurationProfile, type ConfigurationProfile } from './profile.js';
export { buildEnrollmentProfile, type EnrollmentContent } from './enrollment.js';
export { buildIdentityProfile, buildProfileService } from './over-the-air.js';
