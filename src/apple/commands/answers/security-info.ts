import type { Report } from '../../messages/index.js';
import { dictToJson, type JsonObject } from './json.js';
import { dictOf } from './members.js';

/** Reads an acknowledged SecurityInfo: the device's own names and values, empty when it answered none. */
export function readSecurityInfo(report: Report): JsonObject {
  return dictToJson(dictOf(report.body, 'SecurityInfo') ?? {});
}
