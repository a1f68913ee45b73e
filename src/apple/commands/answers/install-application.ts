import type { Report } from '../../messages/index.js';
import { textOf } from './members.js';

/** How far an application's installation has come, in Apple's words: `Queued`, `Prompting`, `Managed`, `Failed`… */
export interface ApplicationInstallation {
  identifier?: string;
  state?: string;
  /** Why the device refused, for example `AppAlreadyInstalled`. A device newer than this may say anything. */
  rejectionReason?: string;
}

/** Reads the answer to InstallApplication: acknowledged, or an error, which carries the reason. */
export function readInstallApplication(report: Report): ApplicationInstallation {
  return {
    identifier: textOf(report.body, 'Identifier'),
    state: textOf(report.body, 'State'),
    rejectionReason: textOf(report.body, 'RejectionReason'),
  };
}
