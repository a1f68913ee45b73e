import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { EnrollmentProfile, EnrollmentProfileState } from '../entities/enrollment-profile.js';
import { Profile } from '../entities/profile.js';
import { Workflow } from '../entities/workflow.js';
import type { WithLink } from '../services/enrolment-profiles/enrolment-profiles.js';
import { qrSvg } from '../services/enrolment-profiles/qr-code.js';
import { EnrollmentProfileConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import {
  CREATE,
  EnrollmentProfileBy,
  EnrollmentProfileCreateInput,
  EnrollmentProfileCreatePayload,
  EnrollmentProfileRevokeInput,
  EnrollmentProfileRevokePayload,
  EnrollmentProfileUpdateInput,
  EnrollmentProfileUpdatePayload,
  fieldsIn,
  REVOKE,
  UPDATE,
} from './enrollment-profile-inputs.js';
import { onlyOne, uuidIn } from './input.js';
import { answer } from './mutation.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

/** The input's name for what the service calls otherwise. */
const NAMES = { workflowUuid: 'workflowId', wifiProfileUuid: 'wifiProfileId' };

@Resolver(() => EnrollmentProfile)
export class EnrollmentProfileResolver {
  @Requires('read')
  @Query(() => EnrollmentProfile, {
    nullable: true,
    description: 'One enrollment profile; null when there is none. Its link is not shown again.',
  })
  enrollmentProfile(
    @Arg('by', () => EnrollmentProfileBy, { description: 'Which one.' }) by: EnrollmentProfileBy,
    @Ctx() { services }: GraphqlContext,
  ): Promise<EnrollmentProfile | null> {
    const [name, value] = onlyOne({ ...by });
    const uuid = name === 'id' ? uuidIn(value, 'EnrollmentProfile', ['by', 'id']) : value.toLowerCase();
    return services.enrollmentProfiles.get(uuid);
  }

  @Requires('read')
  @Query(() => EnrollmentProfileConnection, {
    description: 'Enrollment profiles, oldest first; also those whose links work no more.',
  })
  async enrollmentProfiles(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<EnrollmentProfile>> {
    const page = await services.enrollmentProfiles.list(pageRequest(args, 'enrollmentProfiles', cursors));
    return toConnection(page, args, ({ uuid }) => cursors.encode('enrollmentProfiles', [uuid]));
  }

  @FieldResolver(() => EnrollmentProfileState, { description: 'Whether its link can be used, and why not.' })
  state(@Root() profile: EnrollmentProfile, @Ctx() { services }: GraphqlContext): EnrollmentProfileState {
    return services.enrollmentProfiles.stateOf(profile);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is served at /mdm/enroll to whoever asks.' })
  isDefault(@Root() { defaultMark }: EnrollmentProfile): boolean {
    return defaultMark === 1;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether devices in Setup Assistant enrol by it (Automated Device Enrollment).',
  })
  servesAutomatedEnrollment(@Root() { servesAutomatedEnrollment }: EnrollmentProfile): boolean {
    return servesAutomatedEnrollment === true;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether a device that is enrolled may enrol anew by it from Setup Assistant or over the air, without deviceAllowReenrollment.',
  })
  allowsReenrollment(@Root() { allowsReenrollment }: EnrollmentProfile): boolean {
    return allowsReenrollment === true;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether a device that enrolled by it is told to erase itself and enrol again when its user hands it back (Return to Service).',
  })
  returnToService(@Root() { returnToService }: EnrollmentProfile): boolean {
    return returnToService === true;
  }

  @FieldResolver(() => Profile, {
    nullable: true,
    description: 'The profile with the Wi-Fi that such a device joins once it is erased.',
  })
  wifiProfile(
    @Root() { wifiProfileUuid }: EnrollmentProfile,
    @Ctx() { loaders }: GraphqlContext,
  ): Profile | undefined | null | Promise<Profile | undefined> {
    return wifiProfileUuid === null ? null : loaders.catalog(({ profiles }) => profiles.get(wifiProfileUuid));
  }

  @FieldResolver(() => Workflow, {
    nullable: true,
    description: 'The workflow that a device is given when it enrols, unless it has one already.',
  })
  workflow(
    @Root() { workflowUuid }: EnrollmentProfile,
    @Ctx() { loaders }: GraphqlContext,
  ): Workflow | undefined | null | Promise<Workflow | undefined> {
    return workflowUuid === null ? null : loaders.catalog(({ workflows }) => workflows.get(workflowUuid));
  }

  @Requires('devices.write')
  @Mutation(() => EnrollmentProfileCreatePayload, {
    description: 'Makes an enrollment profile, and the link by which devices enrol.',
  })
  enrollmentProfileCreate(
    @Arg('input', () => EnrollmentProfileCreateInput, { description: 'The enrollment profile.' })
    input: EnrollmentProfileCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<EnrollmentProfileCreatePayload> {
    const work = async () => {
      const fields = fieldsIn(input, referencesIn(input));
      const made = await services.enrollmentProfiles.create({ ...fields, name: input.name });
      return shown(made);
    };
    return answer(CREATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => EnrollmentProfileUpdatePayload, {
    description: 'Changes an enrollment profile, or makes a new link for it.',
  })
  enrollmentProfileUpdate(
    @Arg('input', () => EnrollmentProfileUpdateInput, { description: 'Which, and what changes.' })
    input: EnrollmentProfileUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<EnrollmentProfileUpdatePayload> {
    const work = async () => {
      const uuid = uuidIn(input.id, 'EnrollmentProfile', ['input', 'id']);
      const changes = {
        ...fieldsIn(input, referencesIn(input)),
        ...(input.name == null ? {} : { name: input.name }),
        newLink: input.newLink ?? false,
      };
      const revision = input.expectedRevision ?? undefined;
      return shown(await services.enrollmentProfiles.update(uuid, changes, revision));
    };
    return answer(UPDATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => EnrollmentProfileRevokePayload, {
    description:
      'Revokes an enrollment profile for good: its link works no more, and a profile that was downloaded by it enrols nothing. ' +
      'Devices that are enrolled stay so.',
  })
  enrollmentProfileRevoke(
    @Arg('input', () => EnrollmentProfileRevokeInput, { description: 'Which.' })
    { id }: EnrollmentProfileRevokeInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<EnrollmentProfileRevokePayload> {
    return answer(REVOKE, async () => ({
      enrollmentProfile: await services.enrollmentProfiles.revoke(
        uuidIn(id, 'EnrollmentProfile', ['input', 'id']),
      ),
    }));
  }
}

/** The link is shown this once, in both forms. */
function shown({ profile, link }: WithLink) {
  return { enrollmentProfile: profile, link, qrCode: link === undefined ? undefined : qrSvg(link) };
}

function referencesIn({
  workflowId,
  wifiProfileId,
}: EnrollmentProfileUpdateInput | EnrollmentProfileCreateInput) {
  return {
    workflowUuid: workflowId == null ? workflowId : uuidIn(workflowId, 'Workflow', ['input', 'workflowId']),
    wifiProfileUuid:
      wifiProfileId == null ? wifiProfileId : uuidIn(wifiProfileId, 'Profile', ['input', 'wifiProfileId']),
  };
}
