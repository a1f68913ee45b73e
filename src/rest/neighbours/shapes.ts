import type { Command } from '../../entities/command.js';
import { fragmentToJson } from '../../services/commands/history.js';
import { toSnakeNames } from './parameters.js';

/** A command as it is sent to the device: `{"command_uuid", "command": {"request_type", …}}`, data as base64. */
export function payloadShape({ uuid }: Command, fragment: string): object {
  return { command_uuid: uuid, command: toSnakeNames(fragmentToJson(fragment) as Record<string, unknown>) };
}

/** The same for those who may not see what it holds. */
export function barePayloadShape({ uuid, requestType }: Command): object {
  return { command_uuid: uuid, command: { request_type: requestType } };
}

/** A command as the queue lists it: where it stands, and of what it holds only the kind. */
export function queuedShape(command: Command): object {
  const { requestType, status, priority, queuedAt, notBefore, expiresAt, sentAt } = command;
  return {
    ...barePayloadShape(command),
    request_type: requestType,
    status: status.toLowerCase(),
    priority,
    queued_at: queuedAt,
    not_before: notBefore ?? undefined,
    expires_at: expiresAt ?? undefined,
    sent_at: sentAt ?? undefined,
    delivery_count: command.deliveryCount,
    not_now_count: command.notNowCount,
  };
}
