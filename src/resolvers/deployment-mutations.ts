import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import { Application } from '../entities/application.js';
import { SubjectKind } from '../entities/enums.js';
import { Profile } from '../entities/profile.js';
import type { CatalogSnapshot } from '../services/catalog/snapshot.js';
import type { DevicePlan } from '../services/deployments/deployments.js';
import { requestTypeOf, type Change, type ChangeAction } from '../services/deployments/plan.js';
import { DeviceResult, forEachDevice, noDevice } from './bulk.js';
import type { GraphqlContext } from './context.js';
import { DeploymentSubject, subjectOf } from './deployment-types.js';
import { IdempotencyKeyField, keyedCall } from './idempotency.js';
import { uuidIn } from './input.js';
import { bulkCost } from './limits.js';
import { answer, refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const PLAN = refusals('WorkflowPlan', ['NOT_FOUND', 'INVALID']);
const RETRY = refusals('DeploymentRetry', ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED']);

const Actions: Record<ChangeAction, ChangeAction> = {
  INSTALL: 'INSTALL',
  REMOVE: 'REMOVE',
  KEEP: 'KEEP',
  FORGET: 'FORGET',
};
registerEnumType(Actions, {
  name: 'PlanAction',
  description: 'What would be done about one profile or application on one device.',
  valuesConfig: {
    INSTALL: { description: 'The device would be sent it, for the first time or in another revision.' },
    REMOVE: { description: 'The device would be told to remove it.' },
    KEEP: { description: 'The device has it already; what is under way would be withdrawn.' },
    FORGET: { description: 'The device never got it; what is under way would be withdrawn.' },
  },
});

@InputType({ description: 'An assignment to think through.' })
export class WorkflowPlanInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @Field(() => ID, {
    nullable: true,
    description: 'The workflow they would get; null: the one they have would be taken away.',
  })
  workflowId?: string | null;
}

@ObjectType({ description: 'What would be done about one profile or application.' })
export class PlannedChange {
  @Field(() => Actions, { description: 'What would be done.' })
  action: ChangeAction;

  @Field(() => SubjectKind, { description: 'What it is about.' })
  kind: SubjectKind;

  @Field(() => DeploymentSubject, {
    nullable: true,
    description: 'The profile or application; null when it was deleted.',
  })
  subject: Profile | Application | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'What the device knows it by, as far as that is known.',
  })
  identifier: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'RequestType of the command that would be sent; null when none would be.',
  })
  requestType: string | null;
}

@ObjectType({ description: 'What would be done to one device.' })
export class DevicePlanResult extends DeviceResult {
  @Field(() => Boolean, {
    description: 'Whether it is enrolled. If it is not, all this would wait for its enrolment.',
  })
  enrolled: boolean;

  @Field(() => [PlannedChange], {
    description: 'The changes, in the order of their commands; none when it has all of it.',
  })
  changes: PlannedChange[];

  @Field(() => PLAN.type, { nullable: true, description: 'Why there is no plan; null when there is.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What an assignment would do. Nothing was written.' })
export class WorkflowPlanPayload {
  @Field(() => [DevicePlanResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DevicePlanResult[];

  @Field(() => [PLAN.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'The devices to ask again.' })
export class DeploymentRetryInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @IdempotencyKeyField()
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What deploymentRetry did for one device.' })
export class DeploymentRetryResult extends DeviceResult {
  @Field(() => Boolean, { description: 'Whether something had failed and is tried again.' })
  retried: boolean;

  @Field(() => RETRY.type, { nullable: true, description: 'Why it was refused; null when it was not.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What deploymentRetry did.' })
export class DeploymentRetryPayload {
  @Field(() => [DeploymentRetryResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DeploymentRetryResult[];

  @Field(() => [RETRY.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class DeploymentMutations {
  @Requires('read')
  @Mutation(() => WorkflowPlanPayload, {
    complexity: bulkCost,
    description:
      'Answers what deviceAssignWorkflow would do with the same input: for each device the exact commands. Writes nothing.',
  })
  workflowPlan(
    @Arg('input', () => WorkflowPlanInput, { description: 'The assignment.' })
    { deviceIds, workflowId }: WorkflowPlanInput,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<WorkflowPlanPayload> {
    return answer(PLAN, () => {
      const workflowUuid =
        workflowId == null ? null : uuidIn(workflowId, 'Workflow', ['input', 'workflowId']);
      return forEachDevice(
        PLAN,
        deviceIds,
        loaders,
        { enrolled: false, changes: [] as PlannedChange[] },
        async (uuids) => {
          const plans = await services.deployments.plan(uuids, workflowUuid);
          return loaders.catalog((catalog) => plansByDevice(uuids, plans, catalog));
        },
      );
    });
  }

  @Requires('devices.write')
  @Mutation(() => DeploymentRetryPayload, {
    complexity: bulkCost,
    description: 'Asks devices again for what they refused of their workflow.',
  })
  deploymentRetry(
    @Arg('input', () => DeploymentRetryInput, { description: 'Which devices.' })
    input: DeploymentRetryInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeploymentRetryPayload> {
    const { services, loaders } = context;
    return answer(RETRY, () => {
      const call = keyedCall(context, 'deploymentRetry', input);
      return forEachDevice(RETRY, input.deviceIds, loaders, { retried: false }, async (uuids) => {
        const { retried, unknown } = await services.deployments.retry(uuids, call);
        const [again, strangers] = [new Set(retried), new Set(unknown)];
        return new Map(
          uuids.map((uuid) => [
            uuid,
            {
              problem: strangers.has(uuid) ? noDevice(uuid) : undefined,
              fields: { retried: again.has(uuid) },
            },
          ]),
        );
      });
    });
  }
}

function plansByDevice(uuids: readonly string[], plans: readonly DevicePlan[], catalog: CatalogSnapshot) {
  const byDevice = new Map(plans.map((plan) => [plan.deviceUuid, plan]));
  return new Map(
    uuids.map((uuid) => {
      const plan = byDevice.get(uuid);
      const changes = plan?.changes.map((change) => shown(change, catalog)) ?? [];
      const problem = plan === undefined ? noDevice(uuid) : undefined;
      return [uuid, { problem, fields: { enrolled: plan?.enrolled ?? false, changes } }];
    }),
  );
}

function shown(change: Change, catalog: CatalogSnapshot): PlannedChange {
  const item = change.wanted ?? change.current;
  const kind = item?.kind ?? SubjectKind.PROFILE;
  return {
    action: change.action,
    kind,
    subject: subjectOf(catalog, kind, item?.subjectUuid ?? ''),
    identifier: item?.identifier ?? null,
    requestType: requestTypeOf(change),
  };
}
