import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { EnrollmentStatus, Platform } from '../entities/enums.js';
import type { DeviceFilter, DeviceOrderField } from '../services/devices/devices.js';
import { OrderDirection } from './catalog-lists.js';
import { uuidIn, uuidsIn } from './input.js';
import { ConnectionArgs } from './plumbing/connection.js';

@InputType({ description: 'Names one device. Give exactly one member.' })
export class DeviceBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;

  @Field(() => String, { nullable: true, description: 'Its UDID.' })
  udid?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its serial number. The latest, should several devices have had it.',
  })
  serialNumber?: string | null;
}

@InputType('DeviceFilter', { description: 'Narrows devices. Every member that is given has to fit.' })
export class DeviceFilterInput {
  @Field(() => [ID], { nullable: true, description: 'One of these.' })
  ids?: string[] | null;

  @Field(() => EnrollmentStatus, { nullable: true, description: 'With this enrolment status.' })
  enrollmentStatus?: EnrollmentStatus | null;

  @Field(() => Platform, { nullable: true, description: 'Of this platform.' })
  platform?: Platform | null;

  @Field(() => ID, { nullable: true, description: 'With this workflow assigned.' })
  workflowId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'With this text in its name, serial number, UDID, model or model name; case is ignored.',
  })
  search?: string | null;
}

const DeviceOrderFields: Record<DeviceOrderField, DeviceOrderField> = {
  CREATED_AT: 'CREATED_AT',
  SERIAL_NUMBER: 'SERIAL_NUMBER',
  NAME: 'NAME',
};
registerEnumType(DeviceOrderFields, {
  name: 'DeviceOrderField',
  description: 'What devices can be ordered by.',
  valuesConfig: {
    CREATED_AT: { description: 'When the server first met the device.' },
    SERIAL_NUMBER: { description: 'Serial number; devices without one come first.' },
    NAME: { description: 'The name the device reports; devices without one come first.' },
  },
});

@InputType({ description: 'The order of devices.' })
export class DeviceOrder {
  @Field(() => DeviceOrderFields, { description: 'What to order by.' })
  field: DeviceOrderField;

  @Field(() => OrderDirection, { description: 'Which end comes first.', defaultValue: OrderDirection.ASC })
  direction: OrderDirection;
}

@ArgsType()
export class DevicesArgs extends ConnectionArgs {
  @Field(() => DeviceFilterInput, { nullable: true, description: 'Which of them. All, when left out.' })
  filter?: DeviceFilterInput | null;

  @Field(() => DeviceOrder, {
    nullable: true,
    description: 'In which order. As the server met them, when left out.',
  })
  orderBy?: DeviceOrder | null;
}

/** The filter as the service understands it. @throws PomonaError BAD_USER_INPUT for an id that is none. */
export function deviceFilterOf(input: DeviceFilterInput | null | undefined): DeviceFilter {
  const { ids, enrollmentStatus, platform, workflowId, search } = input ?? {};
  return {
    uuids: uuidsIn(ids, 'Device', ['filter', 'ids']),
    enrollmentStatus: enrollmentStatus ?? undefined,
    platform: platform ?? undefined,
    workflowUuid: workflowId == null ? undefined : uuidIn(workflowId, 'Workflow', ['filter', 'workflowId']),
    search: search ?? undefined,
  };
}
