import { CATALOG_EXAMPLES } from './catalog.js';
import { COMMAND_EXAMPLES } from './commands.js';
import { DEP_EXAMPLES } from './dep.js';
import { DEVICE_EXAMPLES } from './devices.js';
import { ENROLLMENT_EXAMPLES } from './enrollment.js';
import type { Example } from './example.js';
import { LIVE_EXAMPLES } from './live.js';
import { PUSH_CERTIFICATE_EXAMPLES } from './push-certificate.js';
import { SERVER_EXAMPLES } from './server.js';

export type { Example } from './example.js';

/** One for every task that fills a screen: what the explorer opens with on the first visit. */
export const EXAMPLES: readonly Example[] = [
  ...DEVICE_EXAMPLES,
  ...CATALOG_EXAMPLES,
  ...COMMAND_EXAMPLES,
  ...ENROLLMENT_EXAMPLES,
  ...DEP_EXAMPLES,
  ...PUSH_CERTIFICATE_EXAMPLES,
  ...LIVE_EXAMPLES,
  ...SERVER_EXAMPLES,
];
