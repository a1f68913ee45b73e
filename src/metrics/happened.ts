import { commandType } from '../apple/commands/index.js';
import { EventType, type NewEvent } from '../events/index.js';
import { BoundedLabel, OTHER } from './bounded-label.js';
import type { Instruments } from './instruments.js';

/** Reasons of APNs are words like BadDeviceToken; ours are sentences, some with a topic in them. */
const REASON = /^[A-Za-z][A-Za-z ]{0,39}$/;
const MOST_REASONS = 60;

/** Counts what this process did, from the events it committed. What other processes do, they count. */
export function eventCounter({
  commands,
  pushes,
  alerts,
}: Instruments): (events: readonly NewEvent[]) => void {
  const reasons = new BoundedLabel(MOST_REASONS);
  const reasonOf = (reason: unknown): string => {
    if (typeof reason !== 'string' || reason === '') return '';
    return REASON.test(reason) ? reasons.learn(reason) : OTHER;
  };
  const count = ({ type, data }: NewEvent): void => {
    if (type === EventType.COMMAND_UPDATED)
      commands.inc({ request_type: requestTypeOf(data), status: text(data['status']) });
    if (type === EventType.PUSH_UPDATED)
      pushes.inc({ status: text(data['status']), reason: reasonOf(data['reason']) });
    if (type === EventType.ALERT) alerts.inc({ alert: text(data['alert']) });
  };
  return (events) => events.forEach(count);
}

/** An operator may send a raw command of any name. */
function requestTypeOf({ requestType }: NewEvent['data']): string {
  return typeof requestType === 'string' && commandType(requestType) !== undefined ? requestType : OTHER;
}

/** Our own words: one of few. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : OTHER;
}
