import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Push } from '../entities/push.js';
import { DeviceResult, forEachDevice, unlessUnknown } from './bulk.js';
import type { GraphqlContext } from './context.js';
import { IdempotencyKeyField, keyedCall } from './idempotency.js';
import { uuidIn } from './input.js';
import { bulkCost } from './limits.js';
import { answer, refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const ASSIGN = refusals('DeviceAssignWorkflow', ['NOT_FOUND', 'INVALID', 'IDEMPOTENCY_KEY_REUSED']);
const PUSH = refusals('DevicePush', ['NOT_FOUND', 'NOT_ENROLLED', 'IDEMPOTENCY_KEY_REUSED']);
const REENROLL = refusals('DeviceAllowReenrollment', ['NOT_FOUND']);

@InputType({ description: 'Which devices get which workflow.' })
export class DeviceAssignWorkflowInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @Field(() => ID, { nullable: true, description: 'The workflow; null takes away the one they have.' })
  workflowId?: string | null;

  @IdempotencyKeyField()
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What deviceAssignWorkflow did to one device.' })
export class DeviceAssignWorkflowResult extends DeviceResult {
  @Field(() => ASSIGN.type, { nullable: true, description: 'Why it was refused; null when it was not.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What deviceAssignWorkflow did.' })
export class DeviceAssignWorkflowPayload {
  @Field(() => [DeviceAssignWorkflowResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DeviceAssignWorkflowResult[];

  @Field(() => [ASSIGN.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'The devices to wake.' })
export class DevicePushInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @IdempotencyKeyField()
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What devicePush did for one device.' })
export class DevicePushResult extends DeviceResult {
  @Field(() => Push, {
    nullable: true,
    description:
      'The push that will wake it: a new one, or the one that was owed already. Null when there is none, or when it was pruned since.',
  })
  push: Push | null;

  @Field(() => PUSH.type, { nullable: true, description: 'Why it cannot be pushed; null when it can.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What devicePush did.' })
export class DevicePushPayload {
  @Field(() => [DevicePushResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DevicePushResult[];

  @Field(() => [PUSH.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'The devices that may enrol anew.' })
export class DeviceAllowReenrollmentInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];
}

@ObjectType({ description: 'What deviceAllowReenrollment did for one device.' })
export class DeviceAllowReenrollmentResult extends DeviceResult {
  @Field(() => REENROLL.type, { nullable: true, description: 'Why it was refused; null when it was not.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What deviceAllowReenrollment did.' })
export class DeviceAllowReenrollmentPayload {
  @Field(() => [DeviceAllowReenrollmentResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DeviceAllowReenrollmentResult[];

  @Field(() => [REENROLL.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class DeviceMutations {
  @Requires('devices.write')
  @Mutation(() => DeviceAssignWorkflowPayload, {
    complexity: bulkCost,
    description:
      'Gives devices a workflow, or takes it away. What they lack is queued and they are pushed; doing it twice changes ' +
      'nothing. Unknown devices do not stop the others.',
  })
  deviceAssignWorkflow(
    @Arg('input', () => DeviceAssignWorkflowInput, { description: 'Which devices, which workflow.' })
    input: DeviceAssignWorkflowInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeviceAssignWorkflowPayload> {
    const { services, loaders } = context;
    return answer(ASSIGN, () => {
      const { workflowId } = input;
      const call = keyedCall(context, 'deviceAssignWorkflow', input);
      const workflowUuid =
        workflowId == null ? null : uuidIn(workflowId, 'Workflow', ['input', 'workflowId']);
      return forEachDevice(ASSIGN, input.deviceIds, loaders, {}, async (uuids) =>
        unlessUnknown(uuids, (await services.deployments.assign(uuids, workflowUuid, call)).unknown),
      );
    });
  }

  @Requires('devices.push')
  @Mutation(() => DevicePushPayload, {
    complexity: bulkCost,
    description:
      'Wakes devices. Answers at once; what becomes of the pushes is told by the subscription pushResult.',
  })
  devicePush(
    @Arg('input', () => DevicePushInput, { description: 'Which devices.' }) input: DevicePushInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DevicePushPayload> {
    const { services, loaders } = context;
    return answer(PUSH, () => {
      const call = keyedCall(context, 'devicePush', input);
      return forEachDevice(PUSH, input.deviceIds, loaders, { push: null as Push | null }, async (uuids) => {
        const requests = await services.pushes.request(uuids, call);
        return new Map(
          requests.map(({ deviceUuid, push, problem }) => [
            deviceUuid,
            { problem, fields: { push: push ?? null } },
          ]),
        );
      });
    });
  }

  @Requires('devices.write')
  @Mutation(() => DeviceAllowReenrollmentPayload, {
    complexity: bulkCost,
    description:
      'Lets devices enrol anew with another certificate, for a day. Without it, that is refused as a takeover.',
  })
  deviceAllowReenrollment(
    @Arg('input', () => DeviceAllowReenrollmentInput, { description: 'Which devices.' })
    { deviceIds }: DeviceAllowReenrollmentInput,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<DeviceAllowReenrollmentPayload> {
    return answer(REENROLL, () =>
      forEachDevice(REENROLL, deviceIds, loaders, {}, async (uuids) =>
        unlessUnknown(uuids, (await services.devices.allowReenrollment(uuids)).unknown),
      ),
    );
  }
}
