import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Device } from '../entities/device.js';
import type { InventoryKind } from '../entities/inventory.js';
import { securityInfoFor } from '../services/commands/secret-answers.js';
import type { GraphqlContext } from './context.js';
import {
  DeviceAnswer,
  DeviceCertificateConnection,
  InstalledApplicationConnection,
  InstalledProfileConnection,
  type DeviceCertificate,
  type InstalledApplication,
  type InstalledProfile,
} from './inventory-types.js';
import { HEAVY } from './limits.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';

/** What devices last said of themselves: one statement for each kind of question, however many devices are asked about. */
@Resolver(() => Device)
export class DeviceInventoryResolver {
  @FieldResolver(() => DeviceAnswer, {
    nullable: true,
    complexity: HEAVY,
    description: 'Its last answer to DeviceInformation; null when it never gave one.',
  })
  information(@Root() device: Device, @Ctx() context: GraphqlContext): Promise<DeviceAnswer | null> {
    return answerOf(context, device, 'DEVICE_INFORMATION');
  }

  @FieldResolver(() => DeviceAnswer, {
    nullable: true,
    complexity: HEAVY,
    description:
      'Its last answer to SecurityInfo; null when it never gave one. Without the permission secrets.read, the personal ' +
      'recovery key is left out.',
  })
  async securityInfo(@Root() device: Device, @Ctx() context: GraphqlContext): Promise<DeviceAnswer | null> {
    const answer = await answerOf(context, device, 'SECURITY_INFO');
    if (answer === null) return null;
    return { ...answer, values: securityInfoFor(context.principal, answer.values) };
  }

  @FieldResolver(() => InstalledProfileConnection, {
    description: 'The profiles on it, by its last ProfileList.',
  })
  installedProfiles(
    @Root() device: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<Connection<InstalledProfile>> {
    return listOf<InstalledProfile>(
      context,
      device,
      'PROFILE_LIST',
      args,
      ({ identifier, uuid }) => `${identifier} ${uuid}`,
    );
  }

  @FieldResolver(() => InstalledApplicationConnection, {
    description: 'The applications on it, by its last InstalledApplicationList.',
  })
  installedApplications(
    @Root() device: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<Connection<InstalledApplication>> {
    return listOf<InstalledApplication>(
      context,
      device,
      'INSTALLED_APPLICATION_LIST',
      args,
      ({ identifier, name, version }) => `${identifier ?? name} ${version}`,
    );
  }

  @FieldResolver(() => DeviceCertificateConnection, {
    description: 'The certificates on it, by its last CertificateList.',
  })
  certificates(
    @Root() device: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<Connection<DeviceCertificate>> {
    return listOf<DeviceCertificate>(
      context,
      device,
      'CERTIFICATE_LIST',
      args,
      ({ sha256, commonName }) => sha256 ?? `${commonName}`,
    );
  }
}

async function answerOf(
  { loaders }: GraphqlContext,
  device: Device,
  kind: InventoryKind,
): Promise<(DeviceAnswer & { values: object }) | null> {
  const answer = await loaders.inventory(kind).load(device.uuid);
  return answer === null ? null : { asOf: answer.asOf, values: answer.content as object };
}

async function listOf<T extends object>(
  { loaders, cursors }: GraphqlContext,
  device: Device,
  kind: InventoryKind,
  args: ConnectionArgs,
  nameOf: (entry: T) => string,
): Promise<Connection<T>> {
  const answer = await loaders.inventory(kind).load(device.uuid);
  const list = (answer?.content ?? []) as T[];
  const keys = uniqueKeys(list, nameOf);
  const connection = connectionFromArray(list, args, kind, cursors, (entry) => keys.get(entry) ?? '');
  return Object.assign(connection, { asOf: answer?.asOf ?? null });
}

/** A device may list two entries of one name; cursors need to tell them apart. */
function uniqueKeys<T extends object>(list: readonly T[], nameOf: (entry: T) => string): Map<T, string> {
  const seen = new Map<string, number>();
  return new Map(
    list.map((entry) => {
      const name = nameOf(entry).slice(0, 512);
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [entry, `${name} ${count}`];
    }),
  );
}
