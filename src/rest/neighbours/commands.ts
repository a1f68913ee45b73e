import { CommandError } from '../../apple/commands/index.js';
import type { Command } from '../../entities/command.js';
import { CommandStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';
import { mayReadSecrets, type Principal } from '../../services/access.js';
import type { CommandRequest, SendResult } from '../../services/commands/sending.js';
import type { Services } from '../../services/services.js';
import type { Answer, Call } from '../route.js';
import { deviceByUdid } from './device.js';
import { commandUuidIn, readOrder, udidIn } from './input.js';
import { parameterName, toAppleNames } from './parameters.js';
import { barePayloadShape, payloadShape, queuedShape } from './shapes.js';

/** Commands read from the database, and written to the client, at a time. */
const PAGE = 100;

/** `{"udid", "request_type", …its parameters}`. Answers with what was queued. */
export async function sendCommand(services: Services, { body, principal }: Call): Promise<Answer> {
  const { udid, requestType, parameters: given } = readOrder(body);
  const parameters = toAppleNames(requestType, given);
  const device = await deviceByUdid(services, udid);
  const sent = await send(services, device.uuid, { requestType, parameters }, principal);
  if (sent.commandUuid === undefined) throw sent.problem ?? lost();
  const [command] = await services.history.byUuids([sent.commandUuid]);
  if (command === undefined) throw lost();
  return {
    status: 201,
    location: `/${encodeURIComponent(udid)}/${command.uuid}`,
    body: await payloadOf(services, command),
  };
}

/** The waiting commands of a device, in the order of delivery. */
export async function listQueue(services: Services, { params }: Call): Promise<Answer> {
  const { uuid } = await deviceByUdid(services, udidIn(params));
  return { status: 200, rows: queueRows(services, uuid) };
}

/**
 * The command that the device would be handed if it connected now; 204 when there is none. Nothing is marked as sent. Its
 * parameters are there for those who may read secrets: commands carry passcodes and keys.
 */
export async function nextCommand(services: Services, { params, principal }: Call): Promise<Answer> {
  const { uuid } = await deviceByUdid(services, udidIn(params));
  const command = await services.history.nextOf(uuid);
  if (command === undefined) return { status: 204 };
  if (!mayReadSecrets(principal)) return { status: 200, body: barePayloadShape(command) };
  return { status: 200, body: await payloadOf(services, command) };
}

/** Withdraws a command; one that was cancelled before stays so. Throws NOT_FOUND, CONFLICT when it is finished. */
export async function cancelCommand(services: Services, { params }: Call): Promise<Answer> {
  const device = await deviceByUdid(services, udidIn(params));
  const uuid = commandUuidIn(params);
  if ((await commandOf(services, device.uuid, uuid)) === undefined)
    throw new PomonaError('NOT_FOUND', `There is no command ${uuid} of this device.`);
  const [cancelled] = await services.commands.cancel([uuid]);
  if (cancelled !== undefined) return { status: 204 };
  const status = (await commandOf(services, device.uuid, uuid))?.status;
  if (status === CommandStatus.CANCELLED) return { status: 204 };
  const message = `The command ${uuid} is finished (${status}); there is nothing to cancel.`;
  throw new PomonaError('CONFLICT', message, { details: { status } });
}

async function send(
  services: Services,
  deviceUuid: string,
  request: CommandRequest,
  by: Principal,
): Promise<SendResult> {
  try {
    const [sent] = await services.commands.send([deviceUuid], request, by);
    return sent ?? { deviceUuid };
  } catch (error) {
    throw inTheirNames(error);
  }
}

/** The same refusal, about the field that this API's client sent. */
function inTheirNames(error: unknown): unknown {
  if (!(error instanceof PomonaError) || !(error.cause instanceof CommandError)) return error;
  const { path, code } = error.cause;
  if (code !== 'bad-parameter') return error;
  return new PomonaError(error.code, error.message, { path: path.map(parameterName), cause: error.cause });
}

async function* queueRows(services: Services, deviceUuid: string): AsyncGenerator<object[]> {
  let after: readonly number[] | undefined;
  for (;;) {
    const request = { limit: PAGE, backward: false, ...(after === undefined ? {} : { after }) };
    const page = (await services.history.queuesOf([deviceUuid], request)).get(deviceUuid);
    const last = page?.rows.at(-1);
    if (page === undefined || last === undefined) return;
    yield page.rows.map(queuedShape);
    if (!page.hasMore) return;
    after = [last.rank, last.seq];
  }
}

async function commandOf(services: Services, deviceUuid: string, uuid: string): Promise<Command | undefined> {
  const [command] = await services.history.byUuids([uuid]);
  return command?.deviceUuid === deviceUuid ? command : undefined;
}

async function payloadOf(services: Services, command: Command): Promise<object> {
  const fragment = (await services.history.fragments([command.bodyUuid])).get(command.bodyUuid);
  if (fragment === undefined) throw lost();
  return payloadShape(command, fragment);
}

function lost(): PomonaError {
  return new PomonaError('INTERNAL', 'A command that was just queued is not there.');
}
