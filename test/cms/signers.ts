import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';

/** Made once for each test file that asks: RSA keys take a moment. */
export const authority = createAuthority('Device CA');
export const device = issueDeviceIdentity(authority, 'Device 1');
export const otherDevice = issueDeviceIdentity(authority, 'Device 2', { keyType: 'ec' });
export const body = Buffer.from('<?xml version="1.0"?><plist version="1.0"><dict/></plist>');
